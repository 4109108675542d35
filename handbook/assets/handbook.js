// The catalogue of rules is narrowed to what is looked for; paper shows what is folded.
"use strict";
(function () {
  const form = document.querySelector("[data-narrow]");
  if (form) {
    const rules = Array.from(document.querySelectorAll("article.rule"));
    const texts = rules.map((rule) => rule.textContent.toLowerCase());
    const count = document.querySelector("[data-narrowed]");
    const narrow = function () {
      const words = form.querySelector("[data-words]").value.trim().toLowerCase().split(/\s+/);
      const severity = form.querySelector("[data-severity]").value;
      let shown = 0;
      rules.forEach(function (rule, place) {
        const fits = (!severity || rule.dataset.severity === severity) &&
          words.every((word) => texts[place].includes(word));
        rule.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      document.querySelectorAll("[data-section]").forEach(function (section) {
        section.hidden = !section.querySelector("article.rule:not([hidden])");
      });
      count.textContent = shown < rules.length ? shown + " / " + rules.length : "";
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", narrow);
    narrow();
  }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
  });
})();
