/** Small programs that use Holdfast. The snippets in the documentation are taken from them. */
@NullMarked
package dev.holdfast.examples;

import org.jspecify.annotations.NullMarked;
