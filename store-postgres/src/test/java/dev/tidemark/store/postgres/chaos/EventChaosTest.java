package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.EventCast.Fault;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events are written and handed to subscriptions while connections and the server fail. */
@Tag("alone")
class EventChaosTest {
    private static final Logger LOG = System.getLogger(EventChaosTest.class.getName());
    private static final int LEAST_OF_EACH = 20;

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
        run(Fault.TERMINATED, Fault.TERMINATED, Fault.TERMINATED, Fault.TERMINATED, Fault.TERMINATED, Fault.TERMINATED);
    }

    @Test
    void theServerFails() throws Exception {
        run(Fault.KILLED, Fault.FROZEN, Fault.KILLED);
    }

    @Test
    void theNetworkFails() throws Exception {
        run(Fault.CUT, Fault.HALF_CLOSED, Fault.DELAYED, Fault.SILENCED, Fault.SILENCED_AND_CUT, Fault.CUT);
    }

    private static void run(Fault... faults) throws Exception {
        run(server, Long.getLong("chaos.seed", new Random().nextLong()), List.of(faults));
    }

    /** Lets these faults happen, one after the other; fails when anything is wrong, and when too little happened. */
    static void run(Server server, long seed, List<Fault> faults) throws Exception {
        Random random = new Random(seed);
        try (EventCast cast = EventCast.start(server, random)) {
            for (Fault fault : faults) {
                cast.suffer(fault, random);
            }
            cast.awaitWork(LEAST_OF_EACH);
            EventVerdict verdict = cast.finish();
            LOG.log(Level.INFO, "seed " + seed + ", " + faults + ": " + verdict);
            verdict.check(LEAST_OF_EACH);
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("seed " + seed + ", faults " + faults + ": " + failure.getMessage(), failure);
        }
    }
}
