package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.WriteBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** K12: a commit whose acknowledgement was lost is neither reported as done or failed, nor tried again. */
@Needs(Capability.LOST_ACKNOWLEDGEMENT)
abstract class AcknowledgementRules extends Rules {
    AcknowledgementRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k12_aLostAcknowledgementIsAnUnknownOutcome() throws Exception {
        long tag = store.create(KIND, "tagged", sample(1));
        store.setAll(KIND, Map.of("updated", sample(1), "deleted", sample(1)));
        Map<String, ThrowingRunnable> writes = new LinkedHashMap<>();
        writes.put("set", () -> store.set(KIND, "set", sample(2)));
        writes.put("created", () -> store.create(KIND, "created", sample(2)));
        writes.put("tagged", () -> store.replace(KIND, "tagged", sample(2), tag));
        writes.put("updated", () -> store.update(KIND, "updated", value -> sample(value.number() + 1)));
        writes.put("upserted", () -> store.upsert(KIND, "upserted", value -> sample(2)));
        writes.put("merged", () -> store.setAll(KIND, Map.of("merged", sample(2))));
        writes.put("batched", () -> store.write(new WriteBatch<Sample>().create(KIND, "batched", sample(2))));
        writes.put("deleted", () -> store.delete(KIND, "deleted"));
        var watch = watch();
        for (Map.Entry<String, ThrowingRunnable> write : writes.entrySet()) {
            try (Fault lost = tck.loseAcknowledgements(directory)) {
                assertThatThrownBy(() -> write.getValue().run(), "%s, with the acknowledgement lost", write.getKey())
                        .isInstanceOf(OutcomeUnknownException.class);
            }
        }
        assertThat(rest(watch)).extracting(Change::key).containsExactlyElementsOf(writes.keySet());
    }

    @Test
    void k12_anUnknownOutcomeIsNotTriedAgain() throws Exception {
        store.set(KIND, "counter", sample(0));
        var watch = watch();
        int lost = 0;
        for (int round = 0; round < 10; round++) {
            try (Fault fault = tck.loseAcknowledgements(directory)) {
                store.update(KIND, "counter", value -> sample(value.number() + 1));
            } catch (OutcomeUnknownException unknown) {
                lost++;
            }
        }
        assertThat(lost).as("acknowledgements lost").isEqualTo(10);
        assertThat(store.get(KIND, "counter")).contains(sample(10));
        assertThat(rest(watch)).hasSize(10);
    }
}
