package dev.tidemark.store.tck.broken;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs suites inside a test. */
final class Suites {
    private static final String ENGINE = "junit-jupiter";

    private Suites() {}

    /** Runs those tests of a suite whose names {@code selected} accepts, and returns what happened to them. */
    static Events run(Class<?> suite, Predicate<String> selected) {
        return execute(suite, selected).testEvents();
    }

    /** As {@link #run}, with what happened to the classes that hold the tests. */
    static Events runAll(Class<?> suite, Predicate<String> selected) {
        return execute(suite, selected).allEvents();
    }

    /**
     * What became of tests that were run until one failed.
     *
     * @param run the names of those that ran
     * @param failed the name of the one that failed, if any
     */
    record Outcome(List<String> run, Optional<String> failed) {}

    /** Runs those tests until one of them fails: the others may wait long for what will not come, and prove nothing more. */
    static Outcome runUntilOneFails(Class<?> suite, Predicate<String> selected) {
        LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                .enableImplicitConfigurationParameters(false)
                .selectors(selectClass(suite))
                .filters(EngineFilter.includeEngines(ENGINE), byName(selected))
                .build();
        FirstFailure outcome = new FirstFailure();
        LauncherFactory.create()
                .execute(LauncherExecutionRequestBuilder.request(tests)
                        .listeners(outcome)
                        .cancellationToken(outcome.token)
                        .build());
        return new Outcome(outcome.run, Optional.ofNullable(outcome.failed));
    }

    private static final class FirstFailure implements TestExecutionListener {
        private final CancellationToken token = CancellationToken.create();
        private final List<String> run = new ArrayList<>();
        private @Nullable String failed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                run.add(test.getDisplayName());
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed = test.getDisplayName();
                    token.cancel();
                }
            }
        }
    }

    private static EngineExecutionResults execute(Class<?> suite, Predicate<String> selected) {
        return EngineTestKit.engine(ENGINE)
                .selectors(selectClass(suite))
                .filters(byName(selected))
                .execute();
    }

    private static PostDiscoveryFilter byName(Predicate<String> selected) {
        return descriptor -> FilterResult.includedIf(!descriptor.isTest()
                || descriptor
                        .getSource()
                        .filter(source -> isSelected(source, selected))
                        .isPresent());
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
