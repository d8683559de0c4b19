// A shop that keeps carts in its own memory: see README.md beside this file.
var builder = WebApplication.CreateSlimBuilder(args);
var server = builder.Configuration["Name"] ?? "shop-1";
builder.Services.AddDistributedMemoryCache();
builder.Services.AddSession(static session => session.Cookie.Name = "shop");

var application = builder.Build();
application.UseSession();
application.MapGet("/health", static () => "fine\n");
application.MapGet("/cart", (HttpContext context) => $"{server}: {context.Session.GetString("cart") ?? "an empty cart"}\n");
application.MapPost("/cart/{item}", (HttpContext context, string item) =>
{
    var cart = context.Session.GetString("cart");
    context.Session.SetString("cart", cart is null ? item : $"{cart}, {item}");
    return $"{server}: {context.Session.GetString("cart")}\n";
});
application.MapPost("/checkout", (HttpContext context) =>
{
    var bought = context.Session.GetString("cart");
    context.Session.Clear();
    return $"{server}: bought {bought ?? "nothing"}\n";
});
application.Run();
