package dev.tidemark.codec.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.tidemark.codec.json.internal.Refused;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Refuses aliases, which Jackson would take for a string: the name of the anchor. */
final class AliasRefusingParser extends JsonParserDelegate {
    private final YAMLParser yaml;

    AliasRefusingParser(JsonParser yaml) {
        super(yaml);
        this.yaml = (YAMLParser) yaml;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (yaml.isCurrentAlias()) {
            throw new Refused("aliases are not supported");
        }
        return token;
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }
}
