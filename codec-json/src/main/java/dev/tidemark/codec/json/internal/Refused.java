package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Our own reason to refuse a value or a document: its message, unlike Jackson's, holds nothing of them. */
public final class Refused extends JsonProcessingException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
        super(message);
    }
}
