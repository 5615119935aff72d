package dev.tidemark.store.sqlite;

import dev.tidemark.store.sqlite.SqliteOptions.Synchronous;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the URIs that {@link SqliteOptions#of} describes. */
final class SqliteUri {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern PRAGMA = Pattern.compile("(\\w+)\\((\\w+)\\)");

    private SqliteUri() {}

    static boolean accepts(String uri) {
        return uri.startsWith("sqlite:") || uri.startsWith("file:") || uri.equals(DatabaseFile.MEMORY);
    }

    static SqliteOptions parse(String uri, Duration timeout) {
        if (!accepts(uri)) {
            throw new IllegalArgumentException("not a SQLite URI: expected sqlite:FILE, file:FILE or :memory:");
        }
        boolean file = uri.startsWith("file:");
        String rest = uri.equals(DatabaseFile.MEMORY) ? uri : uri.substring(uri.indexOf(':') + 1);
        int question = rest.indexOf('?');
        String path = question < 0 ? rest : rest.substring(0, question);
        String query = question < 0 ? "" : rest.substring(question + 1);
        boolean inMemory = path.equals(DatabaseFile.MEMORY) || (file && ("&" + query + "&").contains("&mode=memory&"));
        SqliteOptions options = inMemory ? SqliteOptions.inMemory() : SqliteOptions.at(path(path));
        options = options.withTimeout(timeout);
        for (String parameter : query.split("&", -1)) {
            if (!parameter.isEmpty()) {
                options = with(options, parameter, file);
            }
        }
        return options;
    }

    /** {@code //} and a host in front of an absolute path are as optional as in any file URI. */
    private static Path path(String path) {
        String local = path;
        if (local.startsWith("//localhost/")) {
            local = local.substring("//localhost".length());
        } else if (local.startsWith("///")) {
            local = local.substring("//".length());
        }
        if (local.isEmpty() || local.startsWith("//")) {
            throw new IllegalArgumentException("a SQLite URI needs the path of a file, such as sqlite:app.db");
        }
        try {
            return Path.of(decode(local));
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("not a path: " + local, invalid);
        }
    }

    private static SqliteOptions with(SqliteOptions options, String parameter, boolean file) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
        try {
            return file ? withForeign(options, name, value) : withOwn(options, name, value);
        } catch (IllegalArgumentException | DateTimeParseException wrong) {
            throw new IllegalArgumentException("parameter " + name + ": " + wrong.getMessage(), wrong);
        }
    }

    private static SqliteOptions withOwn(SqliteOptions options, String name, String value) {
        return switch (name) {
            case "timeout" -> options.withTimeout(duration(value));
            case "synchronous" -> options.withSynchronous(synchronous(value));
            case "readers" -> options.withReaders(Integer.parseInt(value));
            case "retention" -> options.withRetention(duration(value));
            case "historyLimit" -> options.withHistoryLimit(Long.parseLong(value));
            case "watchPolling" -> options.withWatchPolling(duration(value));
            case "readOnly" -> options.withReadOnly(flag(value));
            case "tablePrefix" -> options.withTablePrefix(value);
            default ->
                throw new IllegalArgumentException("unknown; expected timeout, synchronous, readers, retention,"
                        + " historyLimit, watchPolling, readOnly or tablePrefix");
        };
    }

    /** What SQLite itself and the Go driver that zestor uses understand, as far as it makes sense here; and our own. */
    private static SqliteOptions withForeign(SqliteOptions options, String name, String value) {
        return switch (name) {
            case "cache" -> one(options, value, "shared", "private");
            case "_txlock" -> one(options, value, "immediate", "deferred", "exclusive");
            case "mode" -> value.equals("ro") ? options.withReadOnly(true) : one(options, value, "rwc", "rw", "memory");
            case "_pragma" -> withPragma(options, value);
            default -> withOwn(options, name, value);
        };
    }

    private static SqliteOptions withPragma(SqliteOptions options, String pragma) {
        Matcher call = PRAGMA.matcher(pragma);
        if (!call.matches()) {
            throw new IllegalArgumentException("expected NAME(VALUE)");
        }
        String value = call.group(2);
        return switch (call.group(1)) {
            case "busy_timeout" -> options.withTimeout(Duration.ofMillis(Long.parseLong(value)));
            case "journal_mode" -> one(options, value.toLowerCase(Locale.ROOT), "wal");
            case "synchronous" -> options.withSynchronous(synchronous(value));
            default -> throw new IllegalArgumentException("expected busy_timeout, journal_mode or synchronous");
        };
    }

    /** What is always so here, or of no consequence. */
    private static SqliteOptions one(SqliteOptions options, String value, String... accepted) {
        for (String candidate : accepted) {
            if (candidate.equals(value)) {
                return options;
            }
        }
        throw new IllegalArgumentException("expected " + String.join(" or ", accepted));
    }

    private static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (!matcher.matches()) {
            return Duration.parse(text);
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Synchronous synchronous(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "FULL", "2" -> Synchronous.FULL;
            case "NORMAL", "1" -> Synchronous.NORMAL;
            default -> throw new IllegalArgumentException("expected full or normal");
        };
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    /** A plus sign is itself in a path. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
