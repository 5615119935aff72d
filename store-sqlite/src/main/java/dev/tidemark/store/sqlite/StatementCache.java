package dev.tidemark.store.sqlite;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The prepared statements of a connection, those used last. */
final class StatementCache {
    private static final Logger LOG = System.getLogger(StatementCache.class.getName());

    /** The queries for events have many forms. */
    private static final int MAX_STATEMENTS = 200;

    private final String file;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    StatementCache(String file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Returns the statement, prepared once and kept, unless many others were used since. */
    PreparedStatement get(String sql) throws SQLException {
        PreparedStatement kept = statements.get(sql);
        if (kept == null) {
            kept = connection.prepareStatement(sql);
            statements.put(sql, kept);
            if (statements.size() > MAX_STATEMENTS) {
                Iterator<PreparedStatement> oldest = statements.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
        }
        return kept;
    }

    /** Closes all. The driver makes a statement that failed unusable. */
    void forget() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException failure) {
                LOG.log(Level.DEBUG, "{0}: a failed statement: {1}", file, failure.getMessage());
            }
        }
        statements.clear();
    }
}
