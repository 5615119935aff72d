package dev.tidemark.store.inmemory;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Lincheck searches for an interleaving whose results no sequential execution could give. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class LinearizabilityTest {
    private static final String KIND = "kind";

    private final Store<Integer> store = InMemoryBackend.open().store(StoreOptions.defaults());

    /** Makes the namespace before Lincheck looks on; objects that the JDK's maps make on the way are out of its control. */
    public LinearizabilityTest() {
        store.setAll(KIND, Map.of("other", 0));
    }

    @Operation
    public SetResult set(@Param(name = "key") int key, @Param(name = "value") int value) {
        return store.set(KIND, name(key), value);
    }

    @Operation
    public Optional<Integer> get(@Param(name = "key") int key) {
        return store.get(KIND, name(key));
    }

    @Operation
    public Optional<Integer> delete(@Param(name = "key") int key) {
        return store.delete(KIND, name(key));
    }

    @Operation
    public boolean create(@Param(name = "key") int key, @Param(name = "value") int value) {
        try {
            return store.create(KIND, name(key), value) > 0;
        } catch (ConflictException present) {
            return false;
        }
    }

    @Operation
    public int setBoth(@Param(name = "value") int value) {
        return store.setAll(KIND, Map.of(name(1), value, name(2), value)).unchanged();
    }

    @Operation
    public SortedMap<String, Integer> getBoth() {
        return store.getAll(KIND, List.of(name(1), name(2)));
    }

    @Operation
    public List<String> keys() {
        return store.keys(KIND);
    }

    @Test
    void holdsInEveryInterleavingTried() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(
                                "java.util.concurrent.ConcurrentHashMap", "java.util.concurrent.ConcurrentSkipListMap")
                        .allMethods()
                        .treatAsAtomic())
                .iterations(10)
                .invocationsPerIteration(20)
                .actorsBefore(2)
                .actorsAfter(1)
                .threads(2)
                .actorsPerThread(2)
                .check(LinearizabilityTest.class);
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(100)
                .actorsBefore(2)
                .actorsAfter(1)
                .threads(3)
                .actorsPerThread(2)
                .check(LinearizabilityTest.class);
    }

    private static String name(int key) {
        return "key" + key;
    }
}
