package dev.tidemark.store.tck;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Skips what needs a capability that the suite declared to lack, and says why; where it fails, says how to declare that. */
final class CapabilityCondition implements ExecutionCondition, TestExecutionExceptionHandler {
    private static final ConditionEvaluationResult RUN = ConditionEvaluationResult.enabled("every capability is there");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<AnnotatedElement> element = context.getElement();
        if (element.isEmpty()) {
            return RUN;
        }
        List<Lacks> lacking = lacking(context);
        Needs needs = element.get().getAnnotation(Needs.class);
        if (needs != null) {
            for (Lacks lack : lacking) {
                if (Arrays.asList(needs.value()).contains(lack.value())) {
                    return ConditionEvaluationResult.disabled("lacks " + lack.value() + ": " + lack.because());
                }
            }
        }
        NeedsLackOf instead = element.get().getAnnotation(NeedsLackOf.class);
        if (instead != null && lacking.stream().noneMatch(lack -> lack.value() == instead.value())) {
            return ConditionEvaluationResult.disabled(
                    "has " + instead.value() + ", and this is about stores without it");
        }
        return RUN;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Needs ofTest = context.getRequiredTestMethod().getAnnotation(Needs.class);
        Needs needs = ofTest != null ? ofTest : context.getRequiredTestClass().getAnnotation(Needs.class);
        if (needs != null && !(failure instanceof MissingOverride)) {
            failure.addSuppressed(new Hint(needs.value()));
        }
        throw failure;
    }

    /** Stands below a failure, for whoever may have a backend that can't do what the test is about. */
    private static final class Hint extends RuntimeException {
        private static final long serialVersionUID = 1;

        Hint(Capability[] needed) {
            super(hint(needed), null, false, false);
        }

        private static String hint(Capability[] needed) {
            String names = Arrays.stream(needed).map(Capability::name).collect(Collectors.joining(" and "));
            return "this test needs " + names
                    + "; a suite whose backend can't do that declares @Lacks(value = Capability." + needed[0]
                    + ", because = …)";
        }
    }

    private static List<Lacks> lacking(ExtensionContext context) {
        List<Class<?>> enclosing = context.getEnclosingTestClasses();
        List<Lacks> lacking = new ArrayList<>();
        Class<?> suite = enclosing.isEmpty() ? context.getRequiredTestClass() : enclosing.get(0);
        for (Class<?> each = suite; each != null; each = each.getSuperclass()) {
            lacking.addAll(List.of(each.getDeclaredAnnotationsByType(Lacks.class)));
        }
        return lacking;
    }
}
