package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Deadline;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPoolTest {
    @TempDir
    Path directory;

    private final CountDownLatch opening = new CountDownLatch(1);
    private final CountDownLatch proceed = new CountDownLatch(1);

    @Test
    void closeWaitsForASessionThatIsBeingOpened() throws Exception {
        SessionPool pool = new SessionPool("a session", 1, 1, this::openLate);
        CompletableFuture<Session> taken = CompletableFuture.supplyAsync(() -> pool.take(soon()));
        assertThat(opening.await(1, TimeUnit.MINUTES)).isTrue();
        Thread closer = new Thread(() -> pool.close(soon()));
        closer.start();
        await().atMost(1, TimeUnit.MINUTES).until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        proceed.countDown();
        closer.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(closer.isAlive()).isFalse();
        assertThatThrownBy(taken::join).hasCauseInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> pool.take(soon())).isInstanceOf(StoreClosedException.class);
    }

    /** An in-memory database has no other connection that could take the place of this one. */
    @Test
    void aTransactionThatNobodyCouldEndIsRolledBackBeforeTheNext() {
        Session session = Session.open(DatabaseFile.MEMORY_URL, DatabaseFile.MEMORY);
        try {
            session.run(soon(), SessionPoolTest::makeTable);
            session.run(soon(), SessionPoolTest::makeTable);
        } finally {
            session.close(soon());
        }
    }

    private static boolean makeTable(Session session) throws SQLException {
        session.begin(Sql.BEGIN_WRITE);
        return session.statement("CREATE TABLE own (text TEXT)").execute();
    }

    private Session openLate() {
        opening.countDown();
        try {
            assertThat(proceed.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
        return Session.open("jdbc:sqlite:" + directory.resolve("test.db"), "test.db");
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(1));
    }
}
