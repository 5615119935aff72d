package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.tck.Sample;

class SqliteEventsJsonTest extends SqliteEventSuite {
    @Override
    protected Codec<Sample> codec() {
        return SampleCodecs.JSON;
    }
}
