package dev.holdfast.jdbc.server;

import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.search.Scopes;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenRecord;
import dev.holdfast.spi.server.TokenStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tokens over JDBC. */
public final class SqlTokens implements TokenStore {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into tokens
            (name, hash, role, job_groups, created_by, created_at, expires_at)
          values
            (:name, :hash, :role, :job_groups, :created_by, :created_at, :expires_at)
          on conflict do nothing
          """);

  private static final Sql FIND = Sql.of("select * from tokens where hash = :hash");

  private static final Sql ALL = Sql.of("select * from tokens order by name");

  private static final Sql REVOKE =
      Sql.of("update tokens set revoked_at = :now where name = :name and revoked_at is null");

  private static final Sql USED =
      Sql.of("update tokens set last_used_at = :now where name = :name");

  private static final Sql FORGET_SESSIONS =
      Sql.of("delete from ended_sessions where kept_until < :now");

  private static final Sql END_SESSION =
      Sql.of(
          """
          insert into ended_sessions (id, kept_until) values (:id, :kept_until)
          on conflict do nothing
          """);

  private static final Sql IS_SESSION_ENDED =
      Sql.of("select count(*) from ended_sessions where id = :id");

  private final Database database;

  public SqlTokens(Database database) {
    this.database = database;
  }

  @Override
  public void create(NewToken token) {
    int rows =
        database.write(
            ConnectionUse.CALLERS,
            tx ->
                tx.sql(INSERT)
                    .set("name", token.name())
                    .set("hash", token.hash())
                    .set("role", token.role().name())
                    .set("job_groups", Scopes.text(token.scope()))
                    .set("created_by", token.createdBy())
                    .set("created_at", tx.now())
                    .set("expires_at", token.validFor().map(valid -> tx.now() + Micros.of(valid)))
                    .update());
    if (rows == 0) {
      throw new ConflictException(
          "the token name '%s' is already used: choose another name".formatted(token.name()));
    }
  }

  @Override
  public Optional<TokenRecord> find(String hash) {
    return database.read(
        ConnectionUse.CALLERS, session -> session.sql(FIND).set("hash", hash).first(this::token));
  }

  @Override
  public List<TokenRecord> list() {
    return database.read(ConnectionUse.CALLERS, session -> session.sql(ALL).list(this::token));
  }

  @Override
  public boolean revoke(String name) {
    return database.write(
            ConnectionUse.CALLERS,
            tx -> tx.sql(REVOKE).set("name", name).set("now", tx.now()).update())
        == 1;
  }

  @Override
  public void used(String name) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> tx.sql(USED).set("name", name).set("now", tx.now()).update());
  }

  @Override
  public void endSession(String id, Duration kept) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> {
              int forgotten = tx.sql(FORGET_SESSIONS).set("now", tx.now()).update();
              return forgotten
                  + tx.sql(END_SESSION)
                      .set("id", id)
                      .set("kept_until", tx.now() + Micros.of(kept))
                      .update();
            });
  }

  @Override
  public boolean isSessionEnded(String id) {
    return database.read(
            ConnectionUse.CALLERS, session -> session.sql(IS_SESSION_ENDED).set("id", id).number())
        > 0;
  }

  private TokenRecord token(Row row) {
    Optional<Long> expires = row.maybeNumber("expires_at");
    Optional<Long> revoked = row.maybeNumber("revoked_at");
    return new TokenRecord(
        row.text("name"),
        row.text("hash"),
        Role.valueOf(row.text("role")),
        row.maybeText("job_groups").map(SqlTokens::scope).orElse(Scope.all()),
        row.text("created_by"),
        row.instant("created_at"),
        row.maybeInstant("expires_at"),
        row.maybeInstant("last_used_at"),
        row.maybeInstant("revoked_at"),
        revoked.isEmpty() && expires.map(end -> database.now() < end).orElse(true));
  }

  private static Scope scope(String text) {
    return Scope.of(Set.of(text.strip().split(Scopes.EDGE + "+")));
  }
}
