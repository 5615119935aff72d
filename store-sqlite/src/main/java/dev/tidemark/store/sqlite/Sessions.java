package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one database: one that writes, a fixed number for short reads, and as many as there are open snapshots.
 *
 * <p>A database in memory has but one connection, which everybody takes turns with; a snapshot of it is a copy.
 */
final class Sessions {
    private static final int MAX_SNAPSHOTS = 256;
    private static final int LOG_BYTES_KEPT = 64 << 20;

    private final SqliteOptions options;
    private final Session.Connector connector;
    private final @Nullable Path path;
    private final @Nullable Path directory;
    private final String url;
    private final String file;
    private final SessionPool writer;
    private final SessionPool readers;
    private final SessionPool snapshots;

    /** Null as long as it is not open, and in memory. */
    private volatile DatabaseFile.@Nullable Identity opened;

    /** What SQLite keeps beside the file, as the writing connection has it. */
    private volatile List<DatabaseFile.Identity> log = List.of();

    /** Those among whom the file and its log were last found. */
    private volatile DatabaseFile.@Nullable Neighbours unchanged;

    private Sessions(SqliteOptions options, Session.Connector connector) {
        this.options = options;
        this.connector = connector;
        this.path = DatabaseFile.find(options);
        this.directory = path == null ? null : DatabaseFile.tellingDirectory(path);
        this.url = DatabaseFile.url(path, options.readOnly());
        this.file =
                options.file().map(named -> named.toAbsolutePath().toString()).orElse(DatabaseFile.MEMORY);
        int kept = options.readers();
        this.writer = new SessionPool("the writing connection", 1, 1, this::openWriter);
        this.readers = isInMemory() ? writer : new SessionPool("a free reader", kept, kept, this::openReader);
        this.snapshots = isInMemory()
                ? new SessionPool("a free snapshot", MAX_SNAPSHOTS, 0, this::copy)
                : new SessionPool("a free snapshot", MAX_SNAPSHOTS, kept, this::openReader);
    }

    /** Opens the database and sees to its tables. */
    static Sessions open(SqliteOptions options, Session.Connector connector) {
        Sessions sessions = new Sessions(options, connector);
        Deadline deadline = Deadline.after(options.timeout());
        try {
            sessions.prepare(deadline);
            return sessions;
        } catch (RuntimeException | Error failure) {
            sessions.close(deadline);
            throw failure;
        }
    }

    /** Names the database in messages. */
    String file() {
        return file;
    }

    SessionPool writer() {
        return writer;
    }

    SessionPool readers() {
        return readers;
    }

    SessionPool snapshots() {
        return snapshots;
    }

    /**
     * Throws if the file that was opened, or the log that the writing connection has, is not there any more. To be asked while that
     * connection is open, since the last one to be closed takes the log with it.
     */
    void checkFiles() {
        DatabaseFile.Neighbours now = directory == null ? null : DatabaseFile.Neighbours.in(directory);
        if (now == null || !now.equals(unchanged)) {
            checkFile();
            checkLog();
            unchanged = now;
        }
    }

    /** To its connections a file that is gone is still there, but what they write is lost. */
    private void checkFile() {
        DatabaseFile.Identity present = opened;
        if (present != null && !present.isPresent()) {
            throw new StoreUnavailableException(file + " was deleted, moved or replaced while it was open, and what is"
                    + " written to it now would be lost; close the backend, and open it anew");
        }
    }

    /** Nobody else sees what is written to a log that is gone, and nobody finds it after a crash. */
    private void checkLog() {
        for (DatabaseFile.Identity part : log) {
            if (!part.isPresent()) {
                throw new StoreUnavailableException(
                        part.path() + " was deleted, moved or replaced while it was open, and"
                                + " what is written to it now would be lost; close the backend, which saves what was written"
                                + " before unless others have opened the file since, and open it anew");
            }
        }
    }

    /** Moves the log into the file and empties it, unless others are reading from it, or have another log. */
    void checkpoint(Deadline deadline) {
        boolean replaced = log.stream().anyMatch(part -> !part.isPresent() && Files.exists(part.path()));
        if (!options.readOnly() && !isInMemory() && !replaced) {
            writer.run(deadline, session -> pragma(session, "wal_checkpoint(TRUNCATE)"));
        }
    }

    void close(Deadline deadline) {
        snapshots.close(deadline);
        readers.close(deadline);
        writer.close(deadline);
    }

    private void prepare(Deadline deadline) {
        Schema schema = new Schema(file, options.tablePrefix());
        SessionPool pool = options.readOnly() ? readers : writer;
        Session session = pool.take(deadline);
        try {
            if (options.readOnly()) {
                schema.validate(session, deadline);
            } else {
                schema.create(session, deadline);
            }
            opened = path == null ? null : DatabaseFile.Identity.of(path);
        } finally {
            pool.give(session);
        }
    }

    private Session openWriter() {
        return open(session -> {
            String mode = pragma(session, "journal_mode = WAL");
            if (!isInMemory() && !mode.equals("wal")) {
                throw new StoreUnavailableException(
                        file + ": SQLite's write-ahead log does not work on this file system");
            }
            pragma(session, "synchronous = " + options.synchronous());
            pragma(session, "journal_size_limit = " + LOG_BYTES_KEPT);
            String read = pragma(session, "schema_version"); // with the first read there is a log
            log = path == null ? List.of() : DatabaseFile.log(path);
            unchanged = null;
            return read;
        });
    }

    private Session openReader() {
        return open(session -> pragma(session, "query_only = TRUE"));
    }

    private Session copy() {
        byte[] image = writer.run(deadline(), session -> session.connection().serialize("main"));
        return open(session -> {
            session.connection().deserialize("main", image);
            return pragma(session, "query_only = TRUE");
        });
    }

    private Session open(Session.Work<String> preparation) {
        checkFile();
        Session session = Session.open(connector, url, file);
        try {
            session.run(deadline(), preparation);
            return session;
        } catch (RuntimeException | Error failure) {
            session.close(deadline());
            throw failure;
        }
    }

    private boolean isInMemory() {
        return path == null;
    }

    private Deadline deadline() {
        return Deadline.after(options.timeout());
    }

    /** Returns what the pragma says. Its result is closed, since an open one is a read transaction that never ends. */
    private static String pragma(Session session, String pragma) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            if (!statement.execute("PRAGMA " + pragma)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }
}
