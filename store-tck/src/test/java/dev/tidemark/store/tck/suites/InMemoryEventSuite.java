package dev.tidemark.store.tck.suites;

import dev.tidemark.store.Backend;
import dev.tidemark.store.inmemory.InMemoryBackend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.EventStoreTck;
import dev.tidemark.store.tck.Lacks;
import java.nio.file.Path;

@Lacks(value = Capability.DURABILITY, because = "what is in memory ends with its backend")
@Lacks(value = Capability.SHARING, because = "every in-memory backend is a database of its own")
@Lacks(value = Capability.SHARED_WATCH, because = "every in-memory backend is a database of its own")
@Lacks(value = Capability.STALL, because = "a write waits for nothing but the write before it")
@Lacks(value = Capability.OUTAGE, because = "there is no connection that could break")
abstract class InMemoryEventSuite extends EventStoreTck {
    @Override
    protected Backend openBackend(Path directory) {
        return InMemoryBackend.open();
    }
}
