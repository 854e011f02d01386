package dev.holdfast.handlers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signatures; a third-party verifier checks them where messages are really sent. */
@Tag("R-45")
class SigningTest {

  /** Signs the example of the specification. */
  @Test
  void is_that_of_the_specification() {
    assertThat(
            Signing.sign(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330L,
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void is_checked_with_the_bytes_of_the_secret() throws Exception {
    String secret = Signing.newSecret();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
    byte[] expected = mac.doFinal("id.7.ü".getBytes(UTF_8));

    assertThat(Signing.sign(secret, "id", 7, "ü"))
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
    assertThat(Signing.newSecret()).isNotEqualTo(secret);
  }

  @Test
  void needs_a_secret_of_24_to_64_bytes() {
    Signing.check(secret(24));
    Signing.check(secret(64));
    for (String wrong :
        new String[] {secret(23), secret(65), "", "whsec_", "whsec_%%%", secret(32).substring(6)}) {
      assertThatThrownBy(() -> Signing.check(wrong))
          .isInstanceOf(InvalidRequestException.class)
          .satisfies(
              refused ->
                  assertThat(wrong.length() > 6 && refused.toString().contains(wrong)).isFalse());
    }
  }

  private static String secret(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
