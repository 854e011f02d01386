package dev.holdfast.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The private key and the certificate of a server at {@code localhost} and 127.0.0.1, created by
 * the JDK's keytool and not trusted by anybody yet. Immutable.
 *
 * @param keystore both of them, PKCS12, protected by {@link #PASSWORD}
 */
public record TlsKeys(Path keystore) {
  /** The password of the key store and of the key in it. */
  public static final String PASSWORD = "a password";

  private static final String ALIAS = "server";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /**
   * Creates new ones, which takes about a second.
   *
   * @param folder the folder for the key store and keytool's output
   * @throws IllegalStateException if keytool fails; its output is the message
   */
  public static TlsKeys make(Path folder) {
    Path keystore = folder.resolve("server.p12");
    Path said = folder.resolve("keytool.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-storetype",
            "PKCS12",
            "-keystore",
            keystore.toString(),
            "-storepass",
            PASSWORD,
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1");
    try {
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + Files.readString(said));
      }
      return new TlsKeys(keystore);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", told);
    }
  }

  /** Returns the context of a client that trusts this certificate and no other. */
  public SSLContext trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, load().getCertificate(ALIAS));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns the certificate as text, between its BEGIN and END (RFC 7468). */
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", load().getCertificate(ALIAS).getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Returns the private key as text, unprotected, between its BEGIN and END (RFC 7468, PKCS8). */
  public String privateKeyPem() {
    try {
      return pem("PRIVATE KEY", load().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, LINES.encodeToString(encoded), what);
  }

  private KeyStore load() throws GeneralSecurityException {
    try (InputStream file = Files.newInputStream(keystore)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, PASSWORD.toCharArray());
      return keys;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
