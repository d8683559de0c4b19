// The program of YARP's own introduction. Its settings, routes and clusters come from the file that is named first.
var builder = WebApplication.CreateBuilder(args[1..]);
builder.Configuration.AddJsonFile(Path.GetFullPath(args[0]), optional: false);
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
var application = builder.Build();
application.MapReverseProxy();
application.Run();
