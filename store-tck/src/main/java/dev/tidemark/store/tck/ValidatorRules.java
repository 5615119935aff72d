package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** K10: validators see every value that is written to their kind. */
abstract class ValidatorRules extends Rules {
    private final RuntimeException rejection = new IllegalArgumentException("negative");

    ValidatorRules(StoreTck tck) {
        super(tck);
    }

    private StoreOptions<Sample> positive() {
        return StoreOptions.<Sample>defaults().withValidator(KIND, value -> {
            if (value.number() < 0) {
                throw rejection;
            }
        });
    }

    @Test
    void k10_aRejectedValueIsNotWrittenByAnyKindOfWrite() throws Exception {
        assertRejectedByEveryWrite(store(positive()));
    }

    @Test
    void k10_validatorsRunBesideAPredicateOfSameness() throws Exception {
        assertRejectedByEveryWrite(store(positive().withSameValue((a, b) -> a.number() == b.number())));
    }

    private void assertRejectedByEveryWrite(Store<Sample> checked) throws Exception {
        long tag = checked.create(KIND, "key", sample(1));
        Sample bad = sample(-1);
        assertNothingHappened(watch(), () -> {
            assertRejected("key", () -> checked.set(KIND, "key", bad));
            assertRejected("new", () -> checked.set(KIND, "new", bad));
            assertRejected("new", () -> checked.create(KIND, "new", bad));
            assertRejected("key", () -> checked.replace(KIND, "key", bad, tag));
            assertRejected("key", () -> checked.update(KIND, "key", value -> bad));
            assertRejected("new", () -> checked.upsert(KIND, "new", value -> bad));
            assertRejected("b", () -> checked.setAll(KIND, Map.of("a", sample(1), "b", bad)));
            WriteBatch<Sample> sets =
                    new WriteBatch<Sample>().set(KIND, "a", sample(1)).set(KIND, "b", bad);
            assertRejected("b", () -> checked.write(sets));
            WriteBatch<Sample> creates =
                    new WriteBatch<Sample>().create(KIND, "b", bad).delete(KIND, "key");
            assertRejected("b", () -> checked.write(creates));
            WriteBatch<Sample> replaces = new WriteBatch<Sample>().replace(KIND, "key", bad, tag);
            assertRejected("key", () -> checked.write(replaces));
        });
    }

    @Test
    void k10_validatorsBelongToTheirKind() {
        Store<Sample> checked = store(positive());
        checked.set("other", "key", sample(-1));
        assertThat(checked.get("other", "key")).contains(sample(-1));
        checked.write(new WriteBatch<Sample>().set("third", "key", sample(-1)).set(KIND, "key", sample(1)));
        assertThat(checked.get("third", "key")).contains(sample(-1));
    }

    @Test
    void k10_severalValidatorsRunInOrder() {
        List<String> ran = new ArrayList<>();
        Store<Sample> checked = store(StoreOptions.<Sample>defaults()
                .withValidator(KIND, value -> ran.add("first"))
                .withValidator("other", value -> ran.add("other"))
                .withValidator(KIND, value -> {
                    ran.add("second");
                    throw rejection;
                })
                .withValidator(KIND, value -> ran.add("third")));
        assertRejected("key", () -> checked.set(KIND, "key", sample(1)));
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void k10_validatorsBelongToTheirView() {
        store(positive());
        store.set(KIND, "key", sample(-1));
        assertThat(store(positive()).get(KIND, "key")).contains(sample(-1));
    }

    private void assertRejected(String key, ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(ValidationException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(KIND);
            assertThat(refusal.key()).isEqualTo(key);
            assertThat(refusal).cause().isSameAs(rejection);
        });
    }
}
