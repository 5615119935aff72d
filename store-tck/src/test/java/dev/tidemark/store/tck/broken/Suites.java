package dev.tidemark.store.tck.broken;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.function.Predicate;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs suites inside a test. */
final class Suites {
    private Suites() {}

    /** Runs those tests of a suite whose names {@code selected} accepts, and returns what happened to them. */
    static Events run(Class<?> suite, Predicate<String> selected) {
        return execute(suite, selected).testEvents();
    }

    /** As {@link #run}, with what happened to the classes that hold the tests. */
    static Events runAll(Class<?> suite, Predicate<String> selected) {
        return execute(suite, selected).allEvents();
    }

    private static EngineExecutionResults execute(Class<?> suite, Predicate<String> selected) {
        PostDiscoveryFilter byName = descriptor -> FilterResult.includedIf(!descriptor.isTest()
                || descriptor
                        .getSource()
                        .filter(source -> isSelected(source, selected))
                        .isPresent());
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .filters(byName)
                .execute();
    }

    static boolean failed(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
                .isPresent();
    }

    private static boolean isSelected(TestSource source, Predicate<String> selected) {
        return source instanceof MethodSource method && selected.test(method.getMethodName());
    }
}
