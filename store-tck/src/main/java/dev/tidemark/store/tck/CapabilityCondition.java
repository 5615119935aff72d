package dev.tidemark.store.tck;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips what needs a capability that the suite declared to lack, and says why. */
final class CapabilityCondition implements ExecutionCondition {
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
