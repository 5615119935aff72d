package dev.tidemark.store.inmemory;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.store.Condition;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Lincheck on appends, and on transactions of an entry and an event; see {@link LinearizabilityTest}. */
@Param(name = "aggregate", gen = IntGen.class, conf = "1:2")
@Param(name = "version", gen = IntGen.class, conf = "0:2")
public class EventLinearizabilityTest {
    private static final long PATIENCE_MILLIS = 300_000;
    private static final String KIND = "kind";
    private static final String KEY = "key";

    private final MemoryEngine engine = new MemoryEngine(InMemoryOptions.defaults());
    private final MemoryEvents events = engine.events("events");
    private final AtomicLong ids = new AtomicLong();

    /** Makes the namespace and its maps before Lincheck looks on. */
    public EventLinearizabilityTest() {
        engine.write(0, List.of(new Op.Put<>(KIND, "other", 0, Condition.ANY, false)));
        events.write(write(2, ExpectedVersion.ANY));
    }

    @Operation
    public String append(@Param(name = "aggregate") int aggregate, @Param(name = "version") int version) {
        try {
            return describe(events.write(write(aggregate, ExpectedVersion.exactly(version))));
        } catch (EventConflictException conflict) {
            return "conflict at " + conflict.actual();
        }
    }

    @Operation
    public String appendAnyway(@Param(name = "aggregate") int aggregate) {
        return describe(events.write(write(aggregate, ExpectedVersion.ANY)));
    }

    /** Sets a key to the version that it appends. */
    @Operation
    public String transact(@Param(name = "version") int version) {
        try {
            return engine.transactions().transact(transaction -> {
                transaction.write(engine, 0, List.of(new Op.Put<>(KIND, KEY, version + 1, Condition.ANY, false)));
                return describe(transaction.write(events, write(1, ExpectedVersion.exactly(version))));
            });
        } catch (EventConflictException conflict) {
            return "conflict at " + conflict.actual();
        }
    }

    @Operation
    public int get() {
        Stored<Object> stored = engine.get(0, KIND, KEY);
        return stored == null ? 0 : (int) stored.value();
    }

    @Operation
    public String read() {
        StringBuilder read = new StringBuilder();
        for (StoredEvent event : events.after(0, EventQuery.all(), 100).events()) {
            read.append(event.position()).append(':').append(event.version()).append(' ');
        }
        return read.toString();
    }

    @Test
    void holdsInEveryInterleavingTried() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(
                                "java.util.concurrent.ConcurrentHashMap",
                                "java.util.concurrent.ConcurrentSkipListMap",
                                "java.util.HashMap",
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
                .check(EventLinearizabilityTest.class);
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
                .check(EventLinearizabilityTest.class);
    }

    private EventWrite write(int number, ExpectedVersion expected) {
        AggregateId aggregate = new AggregateId("account", new UUID(0, number));
        UUID id = new UUID(1, ids.incrementAndGet());
        NewEvent event = new NewEvent(id, "counted", 0, aggregate, NewEvent.NEXT, new byte[0], Map.of());
        return new EventWrite(List.of(event), List.of(new EventWrite.Expectation(aggregate, expected)), null);
    }

    private static String describe(EventReceipt receipt) {
        StoredEvent event = receipt.events().get(0);
        return event.position() + ":" + event.version();
    }
}
