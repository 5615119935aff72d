package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.postgres.chaos.Faults.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One sort of fault at a time, for seconds. {@link LongChaos} mixes them for as long as one likes. */
@Tag("alone")
class ChaosTest {
    private static Server server;

    @BeforeAll
    static void startServer() throws IOException, SQLException {
        server = Server.start();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void connectionsAreTerminated() throws Exception {
        run(
                "terminated",
                Fault.LISTENERS_TERMINATED,
                Fault.WRITERS_TERMINATED,
                Fault.LISTENERS_TERMINATED,
                Fault.WRITERS_TERMINATED,
                Fault.LISTENERS_TERMINATED);
    }

    @Test
    void theServerIsKilledAndStartedAgain() throws Exception {
        run("killed", Fault.SERVER_KILLED, Fault.BACKEND_KILLED, Fault.SERVER_KILLED);
    }

    @Test
    void theServerStandsStillForLongerThanAnyTimeout() throws Exception {
        run("frozen", Fault.SERVER_FROZEN_LONG);
    }

    @Test
    void theNetworkFails() throws Exception {
        run("network", Fault.CUT, Fault.HALF_CLOSED, Fault.DELAYED, Fault.SILENCED, Fault.SILENCED_AND_CUT);
    }

    @Test
    void processesAreKilled() throws Exception {
        run("processes", Fault.WRITER_KILLED, Fault.WATCHER_KILLED, Fault.WRITER_KILLED, Fault.WATCHER_KILLED);
    }

    @Test
    void replaysAreBrokenOff() throws Exception {
        run(
                Scene.REPLAYING,
                "replays",
                Fault.REPLAYS_TERMINATED,
                Fault.SERVER_KILLED,
                Fault.REPLAYS_TERMINATED,
                Fault.SILENCED_AND_CUT,
                Fault.CUT,
                Fault.REPLAYS_TERMINATED);
    }

    @Test
    void historyIsCompactedMeanwhile() throws Exception {
        run(
                Scene.COMPACTING,
                "compacted",
                Fault.LISTENERS_TERMINATED,
                Fault.SERVER_KILLED,
                Fault.WATCHER_KILLED,
                Fault.SILENCED_AND_CUT,
                Fault.REPLAYS_TERMINATED);
    }

    private static void run(String name, Fault... faults) throws Exception {
        run(Scene.STAYING, name, faults);
    }

    private static void run(Scene scene, String name, Fault... faults) throws Exception {
        long seed = Long.getLong("chaos.seed", new Random().nextLong());
        Path directory = Path.of("target", "chaos", name);
        List<Verdict> verdicts = Round.run(server, scene, directory, seed, List.of(faults));
        assertThat(verdicts).hasSize(2);
    }
}
