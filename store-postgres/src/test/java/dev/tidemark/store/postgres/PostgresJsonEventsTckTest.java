package dev.tidemark.store.postgres;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.store.tck.Sample;

/** With JSON, kept as JSONB. */
class PostgresJsonEventsTckTest extends PostgresEventsTckTest {
    @Override
    protected Codec<Sample> codec() {
        return JsonCodec.of(Sample.class);
    }
}
