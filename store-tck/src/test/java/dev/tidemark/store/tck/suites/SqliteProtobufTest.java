package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.tck.Sample;

class SqliteProtobufTest extends SqliteSuite {
    @Override
    protected Codec<Sample> codec() {
        return SampleCodecs.PROTOBUF;
    }
}
