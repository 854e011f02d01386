/** Small programs that use Holdfast. The snippets of the documentation are cut from them. */
@NullMarked
package dev.holdfast.examples;

import org.jspecify.annotations.NullMarked;
