package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.ProblemException;
import dev.holdfast.server.access.Credentials;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.access.Identity;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.access.Sessions;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers: a token is presented once, and a cookie replaces it from then on. The audit
 * log has sign-ins, sign-outs, and the first refused sign-ins of each minute.
 */
public final class SessionRoutes {
  private static final String PATH = "/api/v1/session";
  private static final int BYTES_MAX = 1 << 10;
  private static final String SET_COOKIE = "Set-Cookie";
  private static final int REFUSALS_RECORDED = 10; // a minute

  private final Gate gate;
  private final Sessions sessions;
  private final MinuteQuota refusals;

  /** Creates routes that authenticate callers at this gate. */
  public SessionRoutes(Gate gate, Sessions sessions, TimeSource time) {
    this.gate = gate;
    this.sessions = sessions;
    this.refusals = new MinuteQuota(REFUSALS_RECORDED, time);
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::find).needs(SEE).inScope(),
        Route.of(POST, PATH, this::begin).needs(NONE).body(BYTES_MAX),
        Route.of(DELETE, PATH, this::end).needs(NONE));
  }

  private Answer find(Call call) {
    return Answer.ok(json(call.identity()));
  }

  private Answer begin(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("token"));
    String token = fields.text("token").strip();
    Identity identity = admitted(call, token);
    call.recordAs(identity.name());
    return Answer.ok(json(identity))
        .header(SET_COOKIE, sessions.begin(identity.tokenHash().orElseThrow()));
  }

  private Identity admitted(Call call, String token) {
    try {
      return gate.admit(Credentials.of("Bearer " + token), SEE);
    } catch (ProblemException refused) {
      if (refusals.take()) {
        call.recordAs(Identity.NOBODY);
      }
      throw refused;
    }
  }

  /** Ends the session of the browser: its cookie is refused from now on, by all servers. */
  private Answer end(Call call) {
    Credentials credentials =
        call.header("Cookie").map(sessions::read).orElseGet(Credentials::none);
    gate.bySession(credentials).ifPresent(identity -> call.recordAs(identity.name()));
    credentials.sessions().forEach(gate::end);
    return Answer.nothing().header(SET_COOKIE, sessions.end());
  }

  private static Map<String, @Nullable Object> json(Identity identity) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", identity.name());
    fields.put("role", word(identity.role()));
    fields.put("permissions", permissions(identity));
    fields.put(
        "groups",
        identity.scope().groups().map(groups -> groups.stream().sorted().toList()).orElse(null));
    fields.put("has_token", identity.tokenHash().isPresent());
    return fields;
  }

  private static List<String> permissions(Identity identity) {
    return Arrays.stream(Permission.values())
        .filter(one -> one != NONE && one.isGivenTo(identity.role()))
        .map(SessionRoutes::word)
        .toList();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
