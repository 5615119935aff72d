package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Condition;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Op;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A statement that would take for ever. */
final class Deadlines {
    private static final String ENDLESS =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private Deadlines() {}

    static void exceed(SqliteBackend backend) {
        SessionPool pool = backend.engine().sessions().writer();
        Writer writer = new Writer(pool, new Sql("zestor"), transaction -> {});
        assertThatThrownBy(() -> writer.submit(
                        transaction -> {
                            transaction.apply(0, List.of(new Op.Delete<>("k", "a", Condition.ANY)));
                            return endless(transaction);
                        },
                        Deadline.after(backend.engine().timeout())))
                .isInstanceOf(StoreTimeoutException.class);
    }

    private static Commit<byte[]> endless(WriteTransaction transaction) throws SQLException {
        try (Statement statement = transaction.session().connection().createStatement();
                ResultSet row = statement.executeQuery(ENDLESS)) {
            throw new AssertionError("ended: " + row.next());
        }
    }
}
