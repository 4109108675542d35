"""The warehouse beyond one machine: reading and modelling as jobs of Apache Spark.

Readers, models and seeds are those of every build; only what runs them is another.
"""
