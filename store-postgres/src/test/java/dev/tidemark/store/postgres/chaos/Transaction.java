package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.util.PSQLException;

/**
 * A transaction of a user's own, on record: a few steps, a pause now and then, and a commit. Up to the commit a failure is a clean one;
 * a commit that fails is of unknown outcome, unless the server says that it rolled back.
 */
final class Transaction {
    private static final String ROLLED_BACK = "40";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Journal journal;
    private final Random random;

    Transaction(Journal journal, Random random) {
        this.journal = journal;
        this.random = random;
    }

    /** Does one step, and tells what it found. */
    interface Doing {
        String perform(Step step) throws SQLException;
    }

    /** One to three keys, seldom out of the order in which all others lock them. */
    List<Step> steps(String id, boolean slow) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        int first = random.nextInt(Keys.WIDE_KEYS);
        for (int i = 0; i < count; i++) {
            boolean hot = !slow && random.nextBoolean();
            String kind = hot ? Keys.HOT : Keys.WIDE;
            String key = hot ? Keys.hot(first + i) : Keys.wide(first + i);
            boolean delete = i > 0 && random.nextInt(3) == 0;
            steps.add(delete ? Step.delete(kind, key) : Step.set(kind, key, id + "." + i));
        }
        if (random.nextInt(10) > 0) {
            steps.sort(Comparator.comparing(Step::kind).thenComparing(Step::key));
        }
        return steps;
    }

    /** False when the connection is of no use any more. */
    boolean run(String id, Op op, List<Step> steps, Connection connection, int pauseMillis, Doing doing) {
        Call call = journal.begin(id, op, steps);
        boolean committing = false;
        try {
            String[] details = new String[steps.size()];
            for (int i = 0; i < details.length; i++) {
                details[i] = doing.perform(steps.get(i));
            }
            note(connection, call.id());
            pause(connection, pauseMillis);
            if (random.nextInt(10) == 0) {
                connection.rollback();
                journal.end(call, Outcome.FAILED, "rolled back on purpose");
                return true;
            }
            committing = true;
            connection.commit();
            journal.end(call, Outcome.DONE, details);
            return true;
        } catch (SQLException | StoreException failure) {
            boolean unknown = committing && !String.valueOf(state(failure)).startsWith(ROLLED_BACK);
            journal.end(
                    call,
                    unknown ? Outcome.UNKNOWN : Outcome.FAILED,
                    failure.toString().replaceAll("\\s+", " "));
            return rollBack(connection);
        }
    }

    private static String state(Exception failure) {
        return failure instanceof PSQLException driver ? driver.getSQLState() : null;
    }

    /** The caller's own SQL: there afterwards if and only if the changes are. */
    private static void note(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO notes (call) VALUES (?)")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    private static void pause(Connection connection, int millis) throws SQLException {
        if (millis > 0) {
            try (PreparedStatement statement = connection.prepareStatement("SELECT pg_sleep(?)")) {
                statement.setDouble(1, millis / 1e3);
                statement.execute();
            }
        }
    }

    private static boolean rollBack(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException broken) {
            LockSupport.parkNanos(PAUSE_NANOS);
            return false;
        }
    }
}
