package dev.tidemark.event.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.OutcomeUnknownException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A named subscription whose checkpoint can't be moved when it ends. */
class HoldTest {
    private final List<String> calls = new ArrayList<>();

    @Test
    void theNameIsLeftToOthersAllTheSame() {
        Hold hold = new Hold(engine(), SubscriptionOptions.fromStart().withName("mails"), 0);
        hold.claim();
        assertThatThrownBy(() -> hold.letGo(3)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(calls).containsExactly("claim", "move", "release");
    }

    private EventEngine engine() {
        Object engine = Proxy.newProxyInstance(
                HoldTest.class.getClassLoader(), new Class<?>[] {EventEngine.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "claim" -> OptionalLong.of(0);
                        case "move" -> throw new OutcomeUnknownException("broken on purpose", new Exception());
                        default -> null;
                    };
                });
        return (EventEngine) engine;
    }
}
