package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.tidemark.codec.CodecException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what went wrong and where, in words that hold nothing of the value: Jackson's own messages quote it. */
final class Failure {
    private static final int MAX_PATH = 12;

    private Failure() {}

    /** Returns the exception to throw when {@code task}, say "decode User from JSON", failed. */
    static CodecException of(String task, Throwable failure) {
        return new CodecException("Can't " + task + ": " + reason(failure) + place(failure), Redacted.of(failure));
    }

    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String known = knownReason(t);
            if (known != null) {
                return known;
            }
            innermost = t;
        }
        return innermost.getClass().getName();
    }

    private static @Nullable String knownReason(Throwable t) {
        if (t instanceof Refused refused) {
            return refused.getOriginalMessage();
        } else if (t instanceof StackOverflowError) {
            return "it is nested too deeply, or contains itself";
        } else if (t instanceof StreamConstraintsException limit) {
            return limit.getOriginalMessage();
        } else if (t instanceof JsonEOFException) {
            return "the document ends too early";
        } else if (t instanceof InputCoercionException number) {
            return "what is there is no " + number.getTargetType().getTypeName();
        } else if (t instanceof StreamReadException) {
            return "the document is malformed";
        }
        return mappingReason(t);
    }

    private static @Nullable String mappingReason(Throwable t) {
        if (t instanceof ValueInstantiationException refused) {
            return refused.getType().toCanonical() + " refuses it with " + rootOf(refused);
        } else if (t instanceof InvalidTypeIdException unknown) {
            return "it names no known subtype of " + unknown.getBaseType().toCanonical();
        } else if (t instanceof InvalidDefinitionException unfit && unfit.getCause() == null) {
            return unfit.getOriginalMessage();
        } else if (t instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "what is there is no " + mismatch.getTargetType().getTypeName();
        }
        return null;
    }

    private static String rootOf(Throwable t) {
        Throwable cause = t.getCause();
        return (cause == null ? t : cause).getClass().getName();
    }

    private static String place(Throwable failure) {
        if (!(failure instanceof JsonProcessingException problem)) {
            return "";
        }
        return path(problem) + lineAndColumn(problem.getLocation());
    }

    private static String path(JsonProcessingException problem) {
        if (!(problem instanceof JsonMappingException mapping)
                || mapping.getPath().isEmpty()) {
            return "";
        }
        String rest = mapping.getPath().size() > MAX_PATH ? "…" : "";
        return mapping.getPath().stream()
                .limit(MAX_PATH)
                .map(Failure::step)
                .collect(Collectors.joining("", ", at $", rest));
    }

    private static String step(Reference reference) {
        if (reference.getFieldName() == null) {
            return "[" + reference.getIndex() + "]";
        }
        // The key of a map is content, the name of a property is not.
        return isMap(reference.getFrom()) ? "[key]" : "." + reference.getFieldName();
    }

    private static boolean isMap(@Nullable Object from) {
        return from instanceof Map || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
    }

    private static String lineAndColumn(@Nullable JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
