using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Modular.Host;
using Modular.Kernel.Web;
using Modular.Users.Sessions;

namespace Modular.Users.Tests;

public sealed class SecretTests
{
    [Theory]
    [InlineData("", "Modules:Users:Secret is missing: set it to at least 32 random characters, the same on all replicas.")]
    [InlineData("--Modules:Users:Secret=short", "Modules:Users:Secret is too short: it needs at least 32 characters.")]
    public void In_production_the_host_refuses_to_run_without_a_long_secret(string setting, string sentence)
    {
        string[] arguments = ["--environment=Production", "--Database:ConnectionString=Host=unused", .. setting.Length > 0 ? [setting] : Array.Empty<string>()];
        Should.Throw<RefusedToRunException>(() => ModularHost.Build(arguments)).Problems.ShouldContain(sentence);
    }

    [Fact]
    public void Over_https_the_cookie_is_bound_to_this_host()
    {
        var http = new DefaultHttpContext { Request = { Scheme = "https" } };
        new SessionCookie(new Tokens(new EphemeralDataProtectionProvider()), Options.Create(new UsersOptions())).Set(http, new Session { Id = Guid.CreateVersion7() });
        var cookie = http.Response.Headers.SetCookie.ToString();
        cookie.ShouldStartWith("__Host-modular=");
        cookie.ShouldContain("; secure");
        cookie.ShouldContain("; path=/;");
        cookie.ShouldNotContain("domain");
    }
}
