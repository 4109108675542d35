with

source as (

    select * from {{ source('raw', 'files') }}

),

contents as (

    select * from {{ source('raw', 'contents') }}

),

renamed as (

    select
        source.document_id,
        source.content_id,
        source.file_name,
        source.relative_path,
        source.file_sha256,
        source.file_bytes,
        source.duplicate_of as duplicate_of_document_id,
        contents.format,
        contents.page_count,
        contents.unread_pages,
        contents.scanned_pages,
        contents.recognised_pages,
        contents.loaded_at,
        contents.reader_version,
        case
            when source.duplicate_of is not null then 'duplicate'
            else coalesce(source.reason_code, contents.reason_code)
        end as reason_code,
        contents.reason_detail,
        source.duplicate_of is null
        and contents.reason_code is null as is_read
    from source
    left join contents on source.content_id = contents.content_id

)

select * from renamed
