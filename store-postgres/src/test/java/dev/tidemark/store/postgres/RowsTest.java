package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Store;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final int LIMIT = 1_000;

    /** Small ones, one that is large by a byte and one that is not, and some of which two fill a page. */
    @Test
    void largeValuesEndPagesAndComeWhole() throws Exception {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            int length = switch (i) {
                case 300 -> 8_192;
                case 600, 601, 1_700 -> 5 << 20;
                case 1_200 -> 8_193;
                default -> i % 4 * 100;
            };
            values.put(
                    String.format("%04d", i),
                    String.valueOf((char) ('a' + i % 26)).repeat(length));
        }
        Map<String, String> read = new TreeMap<>();
        List<Integer> pages = new ArrayList<>();
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend backend = PostgresBackend.open(database.options());
                Connection connection = database.connect()) {
            Store<String> store = backend.store(TextCodec.TEXT);
            store.setAll("k", values);
            Rows rows = new Rows(new Sql("public", database.options().tablePrefix(), 0));
            EngineSnapshot.Page<byte[]> page;
            String last = "";
            do {
                page = rows.page(connection, "k", new KeyRange(last, false, null), LIMIT);
                for (Stored<byte[]> entry : page.entries()) {
                    read.put(entry.key(), new String(entry.value(), StandardCharsets.UTF_8));
                    last = entry.key();
                }
                pages.add(page.entries().size());
            } while (!page.complete());
        }
        assertThat(read).isEqualTo(values);
        assertThat(pages).containsExactly(602, 1_000, 398);
    }
}
