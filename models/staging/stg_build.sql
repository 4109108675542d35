with

source as (

    select * from {{ source('raw', 'build') }}

),

renamed as (

    select built_at from source

)

select * from renamed
