package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.WatchOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replay of many kinds, each of which fills a page with a few large values. */
class HeavyReplayTest {
    private static final int KINDS = 40;
    private static final int PAGE_BYTES = 4 << 20;

    private int pages;

    @Test
    void w2_aReplayHoldsAPageInMemory() {
        Backlog<byte[]> backlog = Backlog.ofReplay(
                new Moment(),
                new Nothing(),
                new ChangeFilter(WatchOptions.defaults().withInitialReplay()));
        int entries = 0;
        while (!backlog.isSynced()) {
            int before = pages;
            backlog.read();
            assertThat(pages).as("pages in memory").isEqualTo(before + 1);
            while (backlog.hasNext()) {
                assertThat(backlog.next().change().value()).hasSize(PAGE_BYTES);
                entries++;
            }
        }
        assertThat(entries).isEqualTo(KINDS);
    }

    private static final class Nothing implements History<byte[]> {
        @Override
        public long newest() {
            return KINDS;
        }

        @Override
        public History.Page<byte[]> after(long revision, int limit) {
            return new History.Page<>(List.of(), true);
        }
    }

    private final class Moment implements ReplayedOnly<byte[]> {
        private final byte[] value = new byte[PAGE_BYTES];

        @Override
        public long revision() {
            return KINDS;
        }

        @Override
        public List<String> kinds() {
            List<String> kinds = new ArrayList<>();
            for (int i = 0; i < KINDS; i++) {
                kinds.add("%02d".formatted(i));
            }
            return kinds;
        }

        @Override
        public EngineSnapshot.Page<byte[]> page(String kind, KeyRange range, int limit) {
            pages++;
            return new EngineSnapshot.Page<>(List.of(Stored.of(kind, "key", value, 1, 1, Instant.EPOCH)), true);
        }

        @Override
        public void close() {}
    }
}
