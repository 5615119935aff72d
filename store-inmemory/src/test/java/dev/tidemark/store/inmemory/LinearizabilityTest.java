package dev.tidemark.store.inmemory;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Lincheck searches for an interleaving whose results no sequential execution could give. It rewrites every class it passes, which
 * makes it slow: so this tests the engine, where all the concurrency is, with the JDK's maps taken for atomic.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class LinearizabilityTest {
    /** Lincheck takes a slow machine for a hang after 10 seconds, and offers no setting for that but this one. */
    private static final long PATIENCE_MILLIS = 300_000;

    private static final String KIND = "kind";

    private final MemoryEngine engine = new MemoryEngine(InMemoryOptions.defaults());

    /** Makes the namespace before Lincheck looks on; objects that the JDK's maps make on the way are out of its control. */
    public LinearizabilityTest() {
        engine.write(0, List.of(new Op.Put<>(KIND, "other", 0, Condition.ANY, false)));
    }

    @Operation
    public String put(@Param(name = "key") int key, @Param(name = "value") int value) {
        return write(new Op.Put<>(KIND, name(key), value, Condition.ANY, false));
    }

    @Operation
    public String create(@Param(name = "key") int key, @Param(name = "value") int value) {
        return write(new Op.Put<>(KIND, name(key), value, Condition.ABSENT, false));
    }

    @Operation
    public String delete(@Param(name = "key") int key) {
        return write(new Op.Delete<>(KIND, name(key), Condition.ANY));
    }

    @Operation
    public String putBoth(@Param(name = "value") int value) {
        return write(List.of(
                new Op.Put<>(KIND, name(1), value, Condition.ANY, false),
                new Op.Put<>(KIND, name(2), value, Condition.ANY, false)));
    }

    @Operation
    public int get(@Param(name = "key") int key) {
        Stored<Object> stored = engine.get(0, KIND, name(key));
        return stored == null ? 0 : (int) stored.value();
    }

    @Operation
    public Map<String, Object> getBoth() {
        Map<String, Object> found = new TreeMap<>();
        try (EngineSnapshot<Object> snapshot = engine.snapshot(0)) {
            for (Stored<Object> stored : snapshot.getAll(KIND, List.of(name(1), name(2)))) {
                found.put(stored.key(), stored.value());
            }
        }
        return found;
    }

    @Test
    void holdsInEveryInterleavingTried() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(
                                "java.util.concurrent.ConcurrentHashMap",
                                "java.util.concurrent.ConcurrentSkipListMap",
                                "java.util.TreeMap")
                        .allMethods()
                        .treatAsAtomic())
                .invocationTimeout$lincheck(PATIENCE_MILLIS)
                .iterations(3)
                .invocationsPerIteration(25)
                .actorsBefore(1)
                .actorsAfter(1)
                .threads(2)
                .actorsPerThread(2)
                .check(LinearizabilityTest.class);
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .invocationTimeout$lincheck(PATIENCE_MILLIS)
                .iterations(3)
                .invocationsPerIteration(100)
                .actorsBefore(1)
                .actorsAfter(1)
                .threads(3)
                .actorsPerThread(2)
                .check(LinearizabilityTest.class);
    }

    private String write(Op<Object> operation) {
        return write(List.of(operation));
    }

    private String write(List<Op<Object>> operations) {
        StringBuilder effects = new StringBuilder();
        try {
            engine.write(0, operations)
                    .outcomes()
                    .forEach(outcome -> effects.append(outcome.effect())
                            .append(outcome.deleted() == null ? "" : outcome.deleted())
                            .append(' '));
        } catch (ConflictException present) {
            return "conflict";
        }
        return effects.toString();
    }

    private static String name(int key) {
        return "key" + key;
    }
}
