package dev.tidemark.store.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.Lacks;
import dev.tidemark.store.tck.StoreTck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The rig that the broken stores are made of breaks nothing by itself, and lacks nothing. */
class RigTckTest extends StoreTck {
    private final Map<Path, Disk> disks = new ConcurrentHashMap<>();

    Rig rig(Rig.Settings settings) {
        return new Rig(settings);
    }

    private Disk disk(Path directory) {
        return disks.computeIfAbsent(directory, absent -> new Disk());
    }

    @Override
    protected Backend openBackend(Path directory) {
        return openWithTimeout(directory, BackendOptions.defaults().timeout());
    }

    @Override
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        return rig(new Rig.Settings(disk(directory), timeout, Long.MAX_VALUE));
    }

    @Override
    protected Backend openRetaining(Path directory, int changes) {
        return rig(new Rig.Settings(disk(directory), BackendOptions.defaults().timeout(), changes));
    }

    @Override
    protected Fault stallWrites(Path directory) {
        return disk(directory).stall();
    }

    @Override
    protected Fault cutOff(Path directory) {
        return disk(directory).cutOff();
    }

    @Override
    protected Fault loseAcknowledgements(Path directory) {
        return disk(directory).loseAcknowledgements();
    }

    @Test
    void lacksNothing() {
        assertThat(getClass().getAnnotationsByType(Lacks.class)).isEmpty();
    }
}
