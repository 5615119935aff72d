package dev.tidemark.store.tck.samples;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.Lacks;
import dev.tidemark.store.tck.StoreTck;
import java.nio.file.Path;

@Lacks(value = Capability.DURABILITY, because = "the maps end with their backend")
@Lacks(value = Capability.SHARING, because = "the maps belong to one backend")
@Lacks(value = Capability.SHARED_WATCH, because = "the maps belong to one backend")
@Lacks(value = Capability.RETENTION, because = "all history is kept")
@Lacks(value = Capability.STALL, because = "a write waits for a short lock at most")
@Lacks(value = Capability.OUTAGE, because = "there is no connection that could break")
@Lacks(value = Capability.LOST_ACKNOWLEDGEMENT, because = "there is no connection that could break")
class MapBackendTest extends StoreTck {
    @Override
    protected Backend openBackend(Path directory) {
        return new MapBackend();
    }
}
