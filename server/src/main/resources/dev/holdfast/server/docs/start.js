// Shows the server's own description of its routes. A token that is typed in stays in this page's
// memory: reloading the page forgets it. Nothing is asked of any other host.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  validatorUrl: null,
  persistAuthorization: false,
  queryConfigEnabled: false,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
});
