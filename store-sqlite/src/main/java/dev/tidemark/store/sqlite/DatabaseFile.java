package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at the file before SQLite does, whose own messages only say that it can't be opened. */
final class DatabaseFile {
    static final String MEMORY = ":memory:";
    static final String MEMORY_URL = "jdbc:sqlite::memory:";

    /** Times are known to a tick of the kernel, which is a hundredth of a second at worst, or to the second. */
    private static final long TICK_MILLIS = 100;

    private static final long WHOLE_SECONDS_MILLIS = 3_000;

    private static final Set<String> FINE_TIMES = Set.of("btrfs", "ext4", "overlay", "xfs");

    /** More are a circle. */
    private static final int MAX_LINKS = 40;

    private DatabaseFile() {}

    /**
     * Returns where the file really is, null for a database in memory, or throws saying what is wrong with it. Links are followed once,
     * since they may lead elsewhere when the next connection is opened, and it is beside the file that SQLite keeps its log.
     */
    static @Nullable Path find(SqliteOptions options) {
        if (options.file().isEmpty()) {
            return null;
        }
        Path file = options.file().get().toAbsolutePath();
        checkFile(file);
        if (options.readOnly() && !Files.exists(file)) {
            throw new StoreUnavailableException("there is no file " + file + ", and readOnly does not create it");
        }
        return real(file);
    }

    /** Returns the URL for the driver, with the path escaped, or throws saying why the file can't be opened that way. */
    static String url(@Nullable Path file, boolean readOnly) {
        if (file == null) {
            return MEMORY_URL;
        }
        String mode = readOnly ? readOnlyMode(file, Files.isWritable(directory(file))) : writableMode(file);
        return "jdbc:sqlite:" + file.toUri() + mode;
    }

    /** There need not be a file yet, also where a link leads. */
    private static Path real(Path file) {
        Path target = file;
        try {
            for (int links = 0; links < MAX_LINKS && Files.isSymbolicLink(target); links++) {
                target = target.resolveSibling(Files.readSymbolicLink(target));
            }
            return directory(target).toRealPath().resolve(target.getFileName());
        } catch (NoSuchFileException missing) {
            throw new StoreUnavailableException(
                    "can't open " + file + ": it is a link, and there is no directory " + directory(target), missing);
        } catch (IOException failure) {
            throw new StoreUnavailableException("can't look at " + file, failure);
        }
    }

    private static void checkFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new StoreUnavailableException(file + " is a directory, not a database file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new StoreUnavailableException(file + " is not a regular file");
        }
        Path directory = directory(file);
        if (!Files.isDirectory(directory)) {
            throw new StoreUnavailableException(
                    "can't open " + file + ": there is no directory " + directory + "; create it first");
        }
        if (Files.exists(file) && !Files.isReadable(file)) {
            throw new StoreUnavailableException(file + " may not be read; check its permissions");
        }
    }

    private static String writableMode(Path file) {
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new StoreUnavailableException(
                    file + " is read-only; open it with readOnly, or change its permissions");
        }
        if (!Files.isWritable(directory(file))) {
            throw new StoreUnavailableException(
                    directory(file) + " is a read-only directory, but SQLite keeps its log beside " + file.getFileName()
                            + "; open it with readOnly, or change the permissions");
        }
        return "?mode=rwc";
    }

    /** A file, and what tells it from others that get its name. */
    record Identity(Path path, @Nullable Object key) {

        static Identity of(Path path) {
            try {
                return new Identity(path, keyOf(path));
            } catch (IOException failure) {
                throw new StoreUnavailableException("can't look at " + path, failure);
            }
        }

        /** Whether the file is still there, as far as the system can tell. */
        boolean isPresent() {
            try {
                return Objects.equals(key, keyOf(path));
            } catch (NoSuchFileException gone) {
                return false;
            } catch (IOException failure) {
                throw new StoreUnavailableException("can't look at " + path, failure);
            }
        }

        private static @Nullable Object keyOf(Path path) throws IOException {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        }
    }

    /**
     * Returns the directory of a file, if it is to tell whether the file and its log can still be what they were; null if these are to be
     * looked at themselves. Where Linux (6.13 and later) has fine times, whoever looks at a log makes the next write to it bear a time of
     * its own, and syncing that takes a fifth of a lone write. Other file systems have no such price, and some no directory to rely on.
     */
    static @Nullable Path tellingDirectory(Path file) {
        try {
            Path directory = directory(file);
            return FINE_TIMES.contains(Files.getFileStore(directory).type()) ? directory : null;
        } catch (IOException unknown) {
            return null;
        }
    }

    /**
     * What a directory was like; another one as soon as something in it was added, removed or renamed. It goes by the change time, as the
     * other one can be set back, by whoever restores a backup for instance. What is mounted over a file doesn't show.
     */
    record Neighbours(@Nullable Object device, @Nullable Object directory, FileTime changed) {

        /** Null when the last change is so young that the next may bear the same time. */
        static @Nullable Neighbours in(Path directory) {
            try {
                Map<String, Object> found = Files.readAttributes(directory, "unix:dev,ino,ctime");
                FileTime changed = (FileTime) Objects.requireNonNull(found.get("ctime"));
                boolean whole = changed.to(TimeUnit.NANOSECONDS) % TimeUnit.SECONDS.toNanos(1) == 0;
                long precision = whole ? WHOLE_SECONDS_MILLIS : TICK_MILLIS;
                boolean settled = changed.toMillis() + precision < System.currentTimeMillis();
                return settled ? new Neighbours(found.get("dev"), found.get("ino"), changed) : null;
            } catch (IOException unknown) {
                return null; // a look at the files will tell
            }
        }
    }

    /** What SQLite keeps beside a file that is open. */
    static List<Identity> log(Path file) {
        return List.of(Identity.of(sibling(file, "-wal")), Identity.of(sibling(file, "-shm")));
    }

    /**
     * Even a reader of a WAL database needs its {@code -shm} file, to be seen by writers. Where it can neither be found nor made,
     * the file can be read as immutable, provided that nothing has been left in the log.
     */
    static String readOnlyMode(Path file, boolean inWritableDirectory) {
        if (inWritableDirectory || Files.exists(sibling(file, "-shm"))) {
            return "?mode=ro";
        }
        if (hasLog(file)) {
            throw new StoreUnavailableException(
                    sibling(file, "-wal") + " holds changes that can't be read from a read-only"
                            + " directory; open the file once where it may be written");
        }
        return "?mode=ro&immutable=1";
    }

    private static boolean hasLog(Path file) {
        try {
            Path log = sibling(file, "-wal");
            return Files.exists(log) && Files.size(log) > 0;
        } catch (IOException failure) {
            throw new StoreUnavailableException("can't look at the log of " + file, failure);
        }
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static Path directory(Path file) {
        return Objects.requireNonNullElse(file.getParent(), file);
    }
}
