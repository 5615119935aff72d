package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.postgres.chaos.Faults.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All faults in random order, round after round, while watches replay or history is compacted, and while events are written and
 * subscribed to: {@code mvn verify -Pchaos}, for {@code -Dchaos.minutes}, from {@code -Dchaos.seed}. The name keeps it out of the normal
 * build.
 */
@Tag("alone")
class LongChaos {

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void everythingAtRandom() throws Exception {
        long seed = Long.getLong("chaos.seed", new Random().nextLong());
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("chaos.minutes", 20));
        int rounds = 0;
        try (Server server = Server.start()) {
            while (rounds == 0 || System.nanoTime() - end < 0) {
                Path directory = Path.of("target", "chaos", "long");
                Random random = new Random(seed + rounds);
                Round.run(server, scene(seed + rounds), directory, seed + rounds, faults(random, Fault.values()));
                EventChaosTest.run(server, seed + rounds, faults(random, EventCast.Fault.values()));
                rounds++;
            }
        }
        assertThat(rounds).as("rounds from seed %s", seed).isPositive();
    }

    /** In turn, and the same for the same seed. */
    private static Scene scene(long seed) {
        return seed % 2 == 0 ? Scene.REPLAYING : Scene.COMPACTING;
    }

    /** Each at least once, some twice. */
    private static <F> List<F> faults(Random random, F[] values) {
        List<F> all = List.of(values);
        List<F> faults = new ArrayList<>(all);
        for (int i = 0; i < all.size() / 2; i++) {
            faults.add(all.get(random.nextInt(all.size())));
        }
        Collections.shuffle(faults, random);
        return faults;
    }
}
