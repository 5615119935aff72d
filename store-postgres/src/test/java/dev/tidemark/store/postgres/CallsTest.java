package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A process that has no thread left for a moment, just when calls have to be stopped. */
class CallsTest {
    private static final int REFUSED = 3;

    @Test
    void callsAreStoppedAsSoonAsThereAreThreadsAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Calls calls = new Calls("scarce", task -> {
            if (asked.getAndIncrement() < REFUSED) {
                throw new OutOfMemoryError("no thread, on purpose");
            }
            return Calls.daemon(task, "scarce-calls");
        });
        try (calls;
                PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (int call = 0; call < 2; call++) {
                assertThatThrownBy(() -> calls.run(Deadline.after(PostgresServer.PATIENCE), "a nap", running -> {
                            running.attach(connection);
                            Thread.currentThread().interrupt();
                            return statement.execute("SELECT pg_sleep(300)");
                        }))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                stopped -> assertThat(stopped.getSQLState()).isEqualTo("57014"));
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(asked).hasValueGreaterThan(REFUSED);
        }
    }
}
