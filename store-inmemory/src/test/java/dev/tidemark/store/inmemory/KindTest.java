package dev.tidemark.store.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KindTest {
    private final Kind kind = new Kind();

    @Test
    void findsWhatAMapFinds() {
        SplittableRandom random = new SplittableRandom(1);
        List<String> keys = IntStream.range(0, 5_000).mapToObj(i -> "key-" + i).toList();
        TreeMap<String, Cell> model = new TreeMap<>();
        for (int step = 0; step < 30_000; step++) {
            String key = keys.get(random.nextInt(1 + random.nextInt(keys.size())));
            Cell present = model.remove(key);
            if (present != null) {
                kind.remove(present);
            } else {
                model.put(key, add(key));
            }
            assertThat(kind.find(key)).isSameAs(model.get(key));
        }
        assertThat(model).hasSizeGreaterThan(100);
        keys.forEach(key -> assertThat(kind.find(key)).isSameAs(model.get(key)));
        assertThat(kind.inOrder()).isEqualTo(model);
    }

    @Test
    void keepsTheFirstCellOfAKey() {
        Cell first = add("key");
        add("key");
        assertThat(kind.find("key")).isSameAs(first);
        kind.remove(new Cell("kind", "key"));
        assertThat(kind.find("key")).isSameAs(first);
        kind.remove(first);
        assertThat(kind.find("key")).isNull();
        assertThat(kind.isEmpty()).isTrue();
    }

    @Test
    void findsKeysOfTheSameHash() {
        List<Cell> cells = alike(10).stream().map(this::add).toList();
        cells.forEach(cell -> assertThat(kind.find(cell.key)).isSameAs(cell));
        List<Cell> removed = new ArrayList<>(cells.subList(0, 500));
        removed.forEach(kind::remove);
        removed.forEach(cell -> assertThat(kind.find(cell.key)).isNull());
        cells.subList(500, cells.size())
                .forEach(cell -> assertThat(kind.find(cell.key)).isSameAs(cell));
        removed.replaceAll(cell -> add(cell.key));
        removed.forEach(cell -> assertThat(kind.find(cell.key)).isSameAs(cell));
    }

    @Test
    void aReaderFindsWhatStaysWhileOthersComeAndGo() throws Exception {
        Cell stays = add("stays");
        CountDownLatch reading = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Long> reads = thread.submit(() -> {
                long found = 0;
                while (kind.find("last") == null) {
                    assertThat(kind.find("stays")).isSameAs(stays);
                    reading.countDown();
                    found++;
                }
                return found;
            });
            assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
            for (int round = 0; round < 20; round++) {
                List<Cell> others = IntStream.range(0, 10_000)
                        .mapToObj(i -> add("key-" + i))
                        .toList();
                others.forEach(kind::remove);
            }
            add("last");
            assertThat(reads.get(1, TimeUnit.MINUTES)).isPositive();
        } finally {
            thread.shutdownNow();
        }
    }

    private Cell add(String key) {
        Cell cell = new Cell("kind", key);
        kind.add(cell);
        return cell;
    }

    /** So many doublings of strings that hash to the same number. */
    private static List<String> alike(int doublings) {
        List<String> strings = List.of("");
        for (int i = 0; i < doublings; i++) {
            strings = strings.stream()
                    .flatMap(s -> List.of(s + "Aa", s + "BB").stream())
                    .toList();
        }
        return strings;
    }
}
