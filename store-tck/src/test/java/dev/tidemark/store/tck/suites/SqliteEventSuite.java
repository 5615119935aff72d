package dev.tidemark.store.tck.suites;

import dev.tidemark.store.Backend;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.EventStoreTck;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.Lacks;
import java.nio.file.Path;
import java.time.Duration;

@Lacks(value = Capability.OUTAGE, because = "there is no connection between a process and its file that could break")
abstract class SqliteEventSuite extends EventStoreTck {
    @Override
    protected Backend openBackend(Path directory) {
        return SqliteBackend.open(SqliteSuite.at(directory));
    }

    @Override
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        return SqliteBackend.open(SqliteSuite.at(directory).withTimeout(timeout));
    }

    @Override
    protected Fault stallWrites(Path directory) {
        return SqliteSuite.holdLock(directory);
    }
}
