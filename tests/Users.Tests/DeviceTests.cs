using Modular.Users.Sessions;

namespace Modular.Users.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox on Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "Safari on Mac")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Something/1.0", "Browser on Linux")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("python-requests/2.32", "python-requests")]
    public void A_device_is_called_what_its_owner_calls_it(string userAgent, string name) => Device.Name(userAgent).ShouldBe(name);

    [Theory]
    [InlineData("")]
    [InlineData("/1.0")]
    [InlineData("<>\u202e\u0001")]
    public void A_client_that_says_nothing_has_no_name(string userAgent) => Device.Name(userAgent).ShouldBeNull();

    [Theory]
    [InlineData("<b>Bank</b>\u202e\u0007/1", "bBank")]
    [InlineData("0123456789 0123456789 0123456789 0123456789 0123456789/1", "0123456789 0123456789 0123456789 0123456")]
    public void What_somebody_else_wrote_is_short_and_plain(string userAgent, string name) => Device.Name(userAgent).ShouldBe(name);
}
