package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.History;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final int LIMIT = 1_024;

    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;
    private PostgresHistory history;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
        PostgresEngine engine = backend.engine();
        history = new PostgresHistory(engine.schema().sql(0), engine.reads());
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        database.close();
    }

    @Test
    void largeValuesEndPagesAndComeWhole() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            values.add(String.valueOf((char) ('a' + i % 26)).repeat(i % 10 == 7 ? 5 << 20 : i % 4 * 5_000 + 1));
        }
        values.forEach(value -> store.set("k", "key", value));
        List<String> read = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        History.Page<byte[]> page;
        do {
            page = history.after(read.size(), LIMIT);
            page.changes().forEach(change -> read.add(new String(change.value(), StandardCharsets.UTF_8)));
            pages.add(page.changes().size());
        } while (!page.complete());
        assertThat(read).isEqualTo(values);
        assertThat(pages).containsExactly(18, 20, 2);
    }

    /** Whoever writes without knowing of values in deletions leaves them out. */
    @Test
    void changesWithoutAValueDoNotOvertakeOthersBehindALargePage() throws Exception {
        store.set("k", "large", "v".repeat(Sql.PAGE_BYTES + 1));
        store.set("k", "small", "1");
        database.execute("INSERT INTO zestor_outbox (ns_id, kind, key, etype) VALUES (0, 'k', 'other', 'delete')");
        store.set("k", "small", "2");
        List<Long> read = new ArrayList<>();
        History.Page<byte[]> page;
        do {
            page = history.after(read.isEmpty() ? 0 : read.get(read.size() - 1), LIMIT);
            page.changes().forEach(change -> read.add(change.revision()));
        } while (!page.complete());
        assertThat(read).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aHoleIsNoLossAndWhatIsBehindTheEndIs() throws Exception {
        store.set("k", "a", "1");
        database.execute("SELECT nextval('zestor_revision_0'), nextval('zestor_revision_0')");
        store.set("k", "b", "1");
        assertThat(history.after(1, LIMIT).changes())
                .extracting(Committed::revision)
                .containsExactly(4L);
        assertThat(history.after(4, LIMIT)).isEqualTo(new History.Page<byte[]>(List.of(), true));
        assertThatThrownBy(() -> history.after(2, LIMIT)).isInstanceOf(RevisionAheadException.class);
        assertThatThrownBy(() -> history.after(5, LIMIT)).isInstanceOf(RevisionAheadException.class);
    }

    @Test
    void whatIsNotPromisedIsNotReadEvenIfItIsThere() throws Exception {
        for (int i = 1; i <= 6; i++) {
            store.set("k", "key", "" + i);
        }
        database.execute("INSERT INTO zestor_state (ns_id, floor) VALUES (0, 4)");
        assertThatThrownBy(() -> history.after(2, LIMIT))
                .isInstanceOfSatisfying(
                        HistoryCompactedException.class,
                        gone -> assertThat(gone.oldest()).isEqualTo(4));
        assertThat(history.after(4, LIMIT).changes())
                .extracting(Committed::revision)
                .containsExactly(5L, 6L);
    }
}
