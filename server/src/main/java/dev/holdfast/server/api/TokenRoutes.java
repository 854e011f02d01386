package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.TokenJson;
import dev.holdfast.search.Scope;
import dev.holdfast.server.access.TokenSecret;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenRecord;
import dev.holdfast.spi.server.TokenStore;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Routes for tokens, for administrators. A secret is returned once, by the request that creates the
 * token.
 */
public final class TokenRoutes {
  private static final String PATH = "/api/v1/tokens";
  private static final String ONE = PATH + "/{name}";
  private static final int BYTES_MAX = 64 << 10;
  private static final Set<String> FIELDS =
      new TreeSet<>(Set.of("name", "role", "groups", "valid_for"));

  private final TokenStore tokens;

  /** Creates the routes to these tokens. */
  public TokenRoutes(TokenStore tokens) {
    this.tokens = tokens;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(ADMINISTER),
        Route.of(POST, PATH, this::create).needs(ADMINISTER).body(BYTES_MAX),
        Route.of(GET, ONE, this::find).needs(ADMINISTER),
        Route.of(DELETE, ONE, this::revoke).needs(ADMINISTER));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("tokens", tokens.list().stream().map(TokenJson::of).toList()));
  }

  private Answer find(Call call) {
    return Answer.ok(TokenJson.of(existing(call.variable("name"))));
  }

  private TokenRecord existing(String name) {
    return tokens.list().stream()
        .filter(token -> token.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static NotFoundException unknown(String name) {
    return new NotFoundException("there is no token '%s'".formatted(name));
  }

  private Answer create(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("a token", fields.node(), FIELDS);
    String name = fields.text("name");
    TokenSecret secret =
        Tokens.create(
            tokens,
            name,
            role(fields.text("role")),
            fields.isNull("groups") ? Scope.all() : Scope.of(new HashSet<>(fields.texts("groups"))),
            fields.maybeText("valid_for").map(Durations::parse),
            call.by());
    call.changed(List.of(name));
    Map<String, @Nullable Object> made = new LinkedHashMap<>(TokenJson.of(existing(name)));
    made.put("secret", secret.reveal());
    return Answer.json(201, made).header("Location", PATH + "/" + name);
  }

  private static Role role(String text) {
    try {
      return Role.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new InvalidRequestException(
          "field 'role' is %s, expected one of %s"
              .formatted(
                  Printable.quoted(text),
                  List.of(Role.values()).toString().toLowerCase(Locale.ROOT)),
          unknown);
    }
  }

  /** Revokes a token, which stays in the list, as its name cannot be reused. */
  private Answer revoke(Call call) {
    String name = call.variable("name");
    if (!tokens.revoke(name)) {
      throw unknown(existing(name).name());
    }
    return Answer.nothing();
  }
}
