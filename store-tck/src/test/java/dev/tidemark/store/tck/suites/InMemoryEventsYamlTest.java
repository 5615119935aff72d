package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.tck.Sample;

class InMemoryEventsYamlTest extends InMemoryEventSuite {
    @Override
    protected Codec<Sample> codec() {
        return SampleCodecs.YAML;
    }
}
