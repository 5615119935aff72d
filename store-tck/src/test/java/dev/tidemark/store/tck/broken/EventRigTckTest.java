package dev.tidemark.store.tck.broken;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.EventStoreTck;
import dev.tidemark.store.tck.Lacks;
import java.nio.file.Path;

/** The rig that the broken event stores are made of breaks nothing by itself. */
@Lacks(value = Capability.DURABILITY, because = "what is in memory ends with its backend")
@Lacks(value = Capability.SHARING, because = "every in-memory backend is a database of its own")
@Lacks(value = Capability.SHARED_WATCH, because = "every in-memory backend is a database of its own")
@Lacks(value = Capability.STALL, because = "a write waits for nothing but the write before it")
@Lacks(value = Capability.OUTAGE, because = "there is no connection that could break")
class EventRigTckTest extends EventStoreTck {
    EventRig rig() {
        return new EventRig();
    }

    @Override
    protected Backend openBackend(Path directory) {
        return rig();
    }
}
