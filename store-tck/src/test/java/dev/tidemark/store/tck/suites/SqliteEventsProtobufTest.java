package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.tck.Sample;

class SqliteEventsProtobufTest extends SqliteEventSuite {
    @Override
    protected Codec<Sample> codec() {
        return SampleCodecs.PROTOBUF;
    }
}
