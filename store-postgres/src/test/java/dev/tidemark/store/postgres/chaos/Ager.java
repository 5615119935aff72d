package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes changes old as soon as every watch that stays has delivered them, and none before: so all of these keep up, however slow the
 * machine, and none may be cut off. At times the changes are old enough to go at once, at times only when there are too many.
 */
final class Ager {
    private static final Logger LOG = System.getLogger(Ager.class.getName());
    private static final int LONGEST_PAUSE_MILLIS = 300;
    private static final String AGING = "UPDATE zestor_outbox SET at = now() - make_interval(secs => ?)"
            + " WHERE ns_id = ? AND revision <= ? AND at > now() - make_interval(secs => ?)";

    private final Database database;
    private final Path directory;
    private final Random random;
    private final Thread thread = new Thread(this::run, "ager");
    private volatile boolean stopped;

    private Ager(Database database, Path directory, Random random) {
        this.database = database;
        this.directory = directory;
        this.random = random;
    }

    /** Starts to age what all records there hold. */
    static Ager start(Database database, Path directory, Random random) {
        Ager ager = new Ager(database, directory, random);
        ager.thread.setDaemon(true);
        ager.thread.start();
        return ager;
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
            try (Connection connection = database.connect()) {
                int seconds = (int) (random.nextInt(20) == 0 ? Options.RETENTION : Options.GRACE).toSeconds() + 60;
                age(connection, seconds, Options.NAMESPACE);
                age(connection, seconds, Options.OTHER_NAMESPACE);
            } catch (SQLException | IOException away) {
                LOG.log(Level.DEBUG, "not aged: {0}", away.getMessage());
            }
        }
    }

    private void age(Connection connection, int seconds, long namespace) throws SQLException, IOException {
        long delivered = Long.MAX_VALUE;
        for (Path record : Evidence.records(directory, ".stream")) {
            delivered = Math.min(delivered, Stream.last(record, namespace));
        }
        try (PreparedStatement statement = connection.prepareStatement(AGING)) {
            statement.setDouble(1, seconds);
            statement.setLong(2, namespace);
            statement.setLong(3, delivered);
            statement.setDouble(4, seconds - 30);
            statement.executeUpdate();
        }
    }

    /** Lets it end, which takes no longer than the server does. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    boolean isAlive() {
        return thread.isAlive();
    }
}
