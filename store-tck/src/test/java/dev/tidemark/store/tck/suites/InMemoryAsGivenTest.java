package dev.tidemark.store.tck.suites;

import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.inmemory.InMemoryBackend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.Lacks;
import dev.tidemark.store.tck.Sample;

@Lacks(value = Capability.ENCODING, because = "values are kept as they are given, without a codec")
class InMemoryAsGivenTest extends InMemorySuite {
    @Override
    protected Store<Sample> openStore(Backend backend, StoreOptions<Sample> options) {
        return ((InMemoryBackend) backend).store(options);
    }
}
