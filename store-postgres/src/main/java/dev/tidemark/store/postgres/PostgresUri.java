package dev.tidemark.store.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * What a connection URI says, in the driver's terms. The driver itself knows neither user names nor Unix sockets in URIs. Messages
 * never quote the URI, since it may hold a password.
 */
record PostgresUri(String jdbcUrl, Properties properties) {
    private static final Pattern SHAPE = Pattern.compile(
            "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?@]*)(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?",
            Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("(?<name>\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]*)(?::(?<port>\\d{1,5}))?");
    private static final String JDBC = "jdbc:postgresql:";
    private static final Pattern JDBC_SHAPE =
            Pattern.compile("jdbc:postgresql:(?<hosts>//[^/?]*)?(?<database>/?[^?]*)(?<query>\\?.*)?", Pattern.DOTALL);
    private static final String SOCKET_FACTORY = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

    /** libpq's names of parameters that the driver calls otherwise. */
    private static final Map<String, String> DRIVER_NAMES = Map.of(
            "application_name", PGProperty.APPLICATION_NAME.getName(),
            "connect_timeout", PGProperty.CONNECT_TIMEOUT.getName(),
            "target_session_attrs", PGProperty.TARGET_SERVER_TYPE.getName(),
            "keepalives", PGProperty.TCP_KEEP_ALIVE.getName());

    private static final Map<String, String> SERVER_TYPES = Map.of(
            "read-write",
            "primary",
            "read-only",
            "secondary",
            "standby",
            "secondary",
            "prefer-standby",
            "preferSecondary");

    /** What a JDBC URL says before its parameters. */
    private static final Set<PGProperty> PLACE = Set.of(PGProperty.PG_HOST, PGProperty.PG_PORT, PGProperty.PG_DBNAME);

    static boolean isOne(String uri) {
        return uri.startsWith("postgresql:") || uri.startsWith("postgres:") || uri.startsWith(JDBC);
    }

    static PostgresUri parse(String uri) {
        return uri.startsWith(JDBC) ? ofJdbc(uri) : ofLibpq(uri);
    }

    /** The same server, another database. */
    PostgresUri onDatabase(String database) {
        Matcher parts = JDBC_SHAPE.matcher(jdbcUrl);
        throwUnless(parts.matches(), "the JDBC URL has no place for a database");
        String hosts = parts.group("hosts");
        String query = parts.group("query");
        String encoded = URLEncoder.encode(database, StandardCharsets.UTF_8);
        return new PostgresUri(
                JDBC + (hosts == null ? "//localhost" : hosts) + "/" + encoded + (query == null ? "" : query),
                properties);
    }

    private static PostgresUri ofJdbc(String uri) {
        checkJdbcHosts(uri);
        Properties parsed = Driver.parseURL(uri, null);
        if (parsed == null) {
            throw malformed("the driver does not understand the JDBC URL");
        }
        Properties properties = new Properties();
        for (PGProperty property : PGProperty.values()) {
            String value = parsed.getProperty(property.getName());
            if (value != null && !PLACE.contains(property)) {
                properties.setProperty(property.getName(), value);
            }
        }
        return new PostgresUri(withoutSecrets(uri), properties);
    }

    /** Of hosts that it can't make sense of the driver logs the whole URL, so it never gets to see any. */
    private static void checkJdbcHosts(String uri) {
        String server = uri.substring(JDBC.length()).split("\\?", 2)[0];
        if (server.startsWith("//")) {
            int end = server.indexOf('/', 2);
            throwUnless(end >= 0, "in a JDBC URL a '/' follows the hosts");
            checkedHosts(server.substring(2, end));
        }
    }

    private static PostgresUri ofLibpq(String uri) {
        Matcher shape = SHAPE.matcher(uri);
        if (!shape.matches()) {
            throw malformed("expected postgresql://user:password@host:port/database?parameter=value, with reserved"
                    + " characters of user and password percent-encoded");
        }
        Map<String, String> parameters = parameters(shape.group("query"));
        Properties properties = new Properties();
        put(properties, "user", shape.group("user"));
        put(properties, "password", shape.group("password"));
        String hosts = shape.group("hosts");
        String host = parameters.remove("host");
        String port = parameters.remove("port");
        if (host != null && decoded(host).startsWith("/")) {
            throwUnless(hosts.isEmpty(), "a Unix socket and a host exclude each other");
            hosts = unixSocket(properties, decoded(host), port);
        } else if (host != null) {
            throwUnless(hosts.isEmpty(), "there are two hosts, one before and one behind the '?'");
            hosts = withPorts(decoded(host), port);
        } else {
            hosts = withPorts(hosts, port);
        }
        String dbname = parameters.remove("dbname");
        parameters.forEach((name, value) -> putParameter(properties, name, decoded(value)));
        String database = dbname == null ? shape.group("database") : dbname;
        return new PostgresUri(JDBC + "//" + checkedHosts(hosts) + "/" + databaseOf(database, properties), properties);
    }

    private static String unixSocket(Properties properties, String directory, @Nullable String port) {
        try {
            Class.forName(SOCKET_FACTORY);
        } catch (ClassNotFoundException missing) {
            throw new IllegalArgumentException(
                    "connecting to PostgreSQL through a Unix socket needs com.kohlschutter.junixsocket:junixsocket-core"
                            + " on the class path",
                    missing);
        }
        String number = port == null ? "5432" : port;
        properties.setProperty("socketFactory", SOCKET_FACTORY);
        properties.setProperty("socketFactoryArg", directory + "/.s.PGSQL." + number);
        properties.setProperty("sslmode", "disable");
        return "localhost:" + number;
    }

    /** As in libpq, one port is that of all hosts; else each has its own. */
    private static String withPorts(String hosts, @Nullable String port) {
        if (port == null) {
            return hosts;
        }
        String[] names = hosts.split(",", -1);
        String[] ports = decoded(port).split(",", -1);
        throwUnless(ports.length == 1 || ports.length == names.length, "there is one port, or one for each host");
        for (int i = 0; i < names.length; i++) {
            names[i] += ":" + ports[ports.length == 1 ? 0 : i];
        }
        return String.join(",", names);
    }

    private static String checkedHosts(String hosts) {
        List<String> checked = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            Matcher matcher = HOST.matcher(host);
            throwUnless(matcher.matches(), "a host is written name, name:port or [IPv6 address]:port");
            String name = matcher.group("name");
            String port = matcher.group("port");
            throwUnless(port == null || Integer.parseInt(port) <= 65_535, "a port is at most 65535");
            checked.add((name.isEmpty() ? "localhost" : name) + ":" + (port == null ? "5432" : port));
        }
        return String.join(",", checked);
    }

    /** As libpq does, the database is named like the user unless it is given. To the driver, a plus there is a space. */
    private static String databaseOf(@Nullable String database, Properties properties) {
        if (database != null && !database.isEmpty()) {
            return database.replace("+", "%2B");
        }
        String user = properties.getProperty("user");
        return user == null
                ? ""
                : user.replace("%", "%25")
                        .replace("/", "%2F")
                        .replace("?", "%3F")
                        .replace("+", "%2B");
    }

    private static void putParameter(Properties properties, String name, String value) {
        String driverName = DRIVER_NAMES.getOrDefault(name, name);
        if (name.equals("target_session_attrs")) {
            properties.setProperty(driverName, SERVER_TYPES.getOrDefault(value, value));
        } else if (name.equals("keepalives")) {
            properties.setProperty(driverName, String.valueOf(!value.equals("0")));
        } else if (name.equals("sslmode") && properties.containsKey("socketFactory")) {
            throwUnless(!value.startsWith("verify") && !value.equals("require"), "a Unix socket has no TLS");
        } else if (PGProperty.forName(driverName) == null) {
            throw malformed("unknown parameter '" + name + "'");
        } else {
            properties.setProperty(driverName, value);
        }
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new TreeMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            throwUnless(equals > 0, "a parameter is written name=value");
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return parameters;
    }

    private static void put(Properties properties, String name, @Nullable String encoded) {
        if (encoded != null && !encoded.isEmpty()) {
            properties.setProperty(name, decoded(encoded));
        }
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badEscape) {
            throw malformed("a '%' is not followed by two hexadecimal digits");
        }
    }

    private static String withoutSecrets(String jdbcUrl) {
        return jdbcUrl.replaceAll("(?<=[?&])(?:user|password|sslpassword)=[^&]*&?", "")
                .replaceAll("[?&]$", "");
    }

    private static void throwUnless(boolean holds, String problem) {
        if (!holds) {
            throw malformed(problem);
        }
    }

    private static IllegalArgumentException malformed(String problem) {
        return new IllegalArgumentException("malformed PostgreSQL URI: " + problem);
    }

    @Override
    public String toString() {
        return jdbcUrl.replaceAll("\\?.*", "");
    }
}
